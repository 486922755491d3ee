#!/bin/sh
# What `make check` looks at. Every part runs, so that one visit shows all that is wrong; all at once, since the types
# alone take longer than the rest together.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=
parts=

# part NAME COMMAND…: begins it; `tell` says how it ended
part() {
    name=$1
    shift
    { "$@" >"$said/$name" 2>&1 && touch "$said/$name.well"; } &
    parts="$parts $name"
}

tell() {
    if [ -e "$said/$1.well" ]; then
        printf '  %-12s well\n' "$1"
    else
        printf '  %-12s WRONG\n%s\n' "$1" "$(cat "$said/$1")"
        failed="$failed $1"
    fi
}

# Settings are read by the checks of types and migrations: they get a data folder that leaves no trace.
ECUANIME_DATA=$(mktemp -d)
export ECUANIME_DATA ECUANIME_ENV_FILE=/dev/null
said=$(mktemp -d)
trap 'rm -rf "$ECUANIME_DATA" "$said"' EXIT

migrations() {
    # Compares models with migration files alone: no database is asked, and none need answer.
    DATABASE_URL=postgresql://nobody@127.0.0.1:1/none $bin/python -W ignore -m django makemigrations \
        --settings ecuanime.config.settings --check --dry-run
}

part lint $bin/ruff check
part format $bin/ruff format --check
part types $bin/mypy
part layers $bin/lint-imports
part migrations migrations
part messages $bin/python tools/messages.py check
wait
for each in $parts; do tell "$each"; done

[ -z "$failed" ] || { echo "make check:$failed"; exit 1; }
