# Everything a person does with this repository. `make help` lists it.

TEST_PROCESSES ?= 2
PY := .venv/bin/python
STAMPS := .venv/stamps
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help run test check format messages bench locks mexico clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: $(STAMPS)/run $(wildcard $(STAMPS)/mexico) ## Install what running needs and serve the product until Ctrl-C
	@exec .venv/bin/ecuanime run

test: $(STAMPS)/test ## Run the tests on a PostgreSQL of their own
	@$(PY) -m pytest -n $(TEST_PROCESSES) --dist worksteal -m "not browser and not mailserver and not peers and not crash and not race"

check: $(STAMPS)/check ## Lint, types, imports, migrations and translations
	@tools/check.sh

format: $(STAMPS)/check ## Put the code in its one shape
	@.venv/bin/ruff check --fix-only --quiet && .venv/bin/ruff format

messages: $(STAMPS)/check ## Gather new texts into the translation catalogues and compile them
	@$(PY) tools/messages.py update

bench: $(STAMPS)/test ## Measure: intake, screens, rating, invoice run, memory
	@$(PY) -m benchmarks

locks: $(STAMPS)/uv ## Write the lock files anew from pyproject.toml
	@tools/locks.sh

mexico: $(STAMPS)/mexico ## Install what a firm in Mexico may want: the SAT's own catalogues and schema

clean: ## Remove .venv and caches; never the data
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# A stamp is older than its lock file when that has changed since.
$(STAMPS)/run: requirements.lock tools/venv.sh
	@tools/venv.sh requirements.lock
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/test: $(STAMPS)/run $(STAMPS)/mexico requirements-test.lock
	@tools/venv.sh requirements-test.lock
	@touch $@

$(STAMPS)/check: $(STAMPS)/test requirements-check.lock
	@tools/venv.sh requirements-check.lock
	@touch $@

$(STAMPS)/browser: $(STAMPS)/test requirements-browser.lock
	@tools/venv.sh requirements-browser.lock
	@touch $@

$(STAMPS)/mexico: $(STAMPS)/run requirements-mexico.lock
	@tools/venv.sh requirements-mexico.lock
	@touch $@

$(STAMPS)/uv: $(STAMPS)/run
	@$(PY) -m pip install --quiet --disable-pip-version-check uv
	@touch $@
