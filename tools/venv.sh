#!/bin/sh
# Prepares the project's own Python environment, .venv, and says what to do when it can't.
#   tools/venv.sh LOCKFILE…    installs exactly what the lock files name
#   PYTHON=/path/to/python     the interpreter to use instead of the first fitting one
set -eu
cd "$(dirname "$0")/.."

fail() {
    printf 'ecuanime: %s\n' "$1" >&2
    exit 1
}

fits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        fits "$PYTHON" || fail "$PYTHON is not a Python 3.11 to 3.14: name another, as in make run PYTHON=python3.12"
        echo "$PYTHON"
        return
    fi
    for candidate in python3.14 python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null 2>&1 && fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.11 to 3.14 is needed and none was found: sudo apt install python3 python3-venv, or make run PYTHON=/path/to/python"
}

if ! { [ -x .venv/bin/python ] && fits .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
    python=$(find_python) || exit 1
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "Python $version lacks its venv module: sudo apt install python3-venv (or python$version-venv), then again"
    echo "Making .venv with Python $version"
    rm -rf .venv
    "$python" -m venv .venv || fail "cannot make .venv: see the message above (is the disk full, the folder writable?)"
fi

packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
# Relative to itself, so that the folder may be moved.
echo "../../../../src" >"$packages/ecuanime.pth"
cat >.venv/bin/ecuanime <<'SHIM'
#!/bin/sh
exec "$(dirname "$0")/python" -m ecuanime.cli "$@"
SHIM
chmod +x .venv/bin/ecuanime

for lock in "$@"; do
    echo "Installing $lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes --no-deps --only-binary :all: -r "$lock" ||
        fail "the packages of $lock could not be installed: see pip's message above (is there a network, or a pip index?)"
done
