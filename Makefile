# Everything a newcomer needs is `make demo` and `make test`; the rest is for those who work on the house.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# Semgrep stands apart (requirements-lint.in): it fetches no rules, asks nobody and keeps what it writes in its own folder.
# One job: its threads wait for each other, and two take three times as long as one.
SEMGREP := .venv-semgrep
SEMGREP_SCAN = SEMGREP_SETTINGS_FILE=$(SEMGREP)/settings.yml SEMGREP_LOG_FILE=$(SEMGREP)/semgrep.log \
  $(SEMGREP)/bin/semgrep scan --metrics off --disable-version-check --disable-nosem --oss-only --jobs 1

.PHONY: setup demo test test-heavy lint audit bench docs lock clean help

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

setup: $(READY) ## prepare .venv and fetch the model weights (nothing is fetched twice)
	@$(BIN)/holdspace models pull

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Holdspace needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Python's venv module is missing; on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

$(SEMGREP)/.ready: requirements-lint.lock
	$(PYTHON) -m venv $(SEMGREP)
	$(SEMGREP)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-lint.lock
	@touch $@

demo: setup ## an invented practice: a session is heard, drafted and waits for review in the browser
	$(BIN)/holdspace demo

test: setup ## every quick test this machine can run; what is skipped is named, with why
	$(BIN)/python -m tests.run

test-heavy: setup ## the tests that drive browsers, hear sound or kill servers, one at a time
	$(BIN)/python -m tests.run --heavy

lint: $(READY) $(SEMGREP)/.ready ## format, lint, types, floors and doors, and rules of our own with their examples
	$(BIN)/ruff format --check src tests evaluation bench
	$(BIN)/ruff check src tests evaluation bench
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive src
	@$(SEMGREP_SCAN) --test tests/security/rules
	$(SEMGREP_SCAN) --quiet --error --strict --config tests/security/rules src

audit: $(READY) ## the packages we stand on against the public list of known faults; says so when it cannot be asked
	@$(BIN)/python -m tests.dependencies

bench: setup ## ratios against the obvious alternatives, by hand (bench/README.md)
	$(BIN)/python -m bench

docs: $(READY) ## write the generated reference pages anew
	$(BIN)/python -m docs.generate

lock: ## pin requirements.in and requirements-lint.in anew, with hashes and without naming any registry
	for one in requirements requirements-lint; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url \
	    --generate-hashes $$one.in --output-file $$one.lock || exit 1; \
	done

clean:
	rm -rf .venv $(SEMGREP) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
