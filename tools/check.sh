#!/bin/sh
# What `make check` looks at. Every part runs, so that one visit shows all that is wrong.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=

part() {
    name=$1
    shift
    if output=$("$@" 2>&1); then
        printf '  %-12s well\n' "$name"
    else
        printf '  %-12s WRONG\n%s\n' "$name" "$output"
        failed="$failed $name"
    fi
}

# Settings are read by the checks of types and migrations: they get a data folder that leaves no trace.
ECUANIME_DATA=$(mktemp -d)
export ECUANIME_DATA ECUANIME_ENV_FILE=/dev/null
trap 'rm -rf "$ECUANIME_DATA"' EXIT

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

[ -z "$failed" ] || { echo "make check:$failed"; exit 1; }
