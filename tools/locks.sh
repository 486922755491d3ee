#!/bin/sh
# Writes the lock files from pyproject.toml, for every Python we support. UPGRADE=1 takes the newest versions
# allowed instead of keeping those locked. The files name no index: pip's own configuration decides where from.
set -eu
cd "$(dirname "$0")/.."

compile() {
    out=$1
    shift
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
        ${UPGRADE:+--upgrade} --output-file "$out" "$@"
}

compile requirements.lock pyproject.toml
compile requirements-test.lock --group pyproject.toml:test --constraints requirements.lock
compile requirements-browser.lock --group pyproject.toml:browser --constraints requirements.lock --constraints requirements-test.lock
# Of what satcfdi asks for we import two packages: the others draw, print and log in, and are left out.
.venv/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["mexico"])' |
    compile requirements-mexico.lock - --overrides tools/mexico-unused.txt --constraints requirements.lock --constraints requirements-test.lock
compile requirements-check.lock --group pyproject.toml:check --constraints requirements.lock --constraints requirements-test.lock
