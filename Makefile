# From a clean clone: `make run` shows it, `make test` proves it. Both make .venv first.
# It needs Python 3.11 or newer; name another than python3 so: make run PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# More words for the command: make test ARGS="-k journal", make bench ARGS=--quick
ARGS ?=

.PHONY: help run test lint bench bench-quality bench-stats bench-history bench-reports bench-hf docs schema clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/installed ## replay the example suites against the demo bot
	$(BIN)/chatbot-qa run suites --target demo --report html --report junit --report allure $(ARGS)

test: $(VENV)/installed-dev ## run every test; what needs something that is not here skips
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: $(VENV)/installed-dev ## check style, types and which layer imports which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/installed-dev ## measure speed, memory and size beside their targets
	$(BIN)/python -m bench.speed $(ARGS)

# Each says that it skips where ../shared/data, or a model, is not there.
QUALITY := answers agreement contradiction consistent replies retention refusal leaks attacks policy measured

bench-quality: $(VENV)/installed-dev ## measure what the checks get right, on labelled data and by simulation
	@for name in $(QUALITY); do echo; $(BIN)/python -m bench.$$name || exit 1; done

bench-stats: $(VENV)/installed-dev ## measure by simulation that stated error rates hold
	$(BIN)/python -m bench.stats $(ARGS)
	$(BIN)/python -m bench.drift

bench-history: $(VENV)/installed-dev ## measure a history of a million results
	$(BIN)/python -m bench.history $(ARGS)

bench-reports: $(VENV)/installed-dev ## measure the reports of a large run, and a cassette
	$(BIN)/python -m bench.reports
	$(BIN)/python -m bench.cassette

bench-hf: $(VENV)/installed-dev ## measure a model on this machine beside a bare loop; on a GPU where there is one
	$(BIN)/python -m bench.hf $(ARGS)

docs: $(VENV)/installed ## write the reference pages of checks and keys from the code
	$(BIN)/chatbot-qa checks --pages docs

schema: $(VENV)/installed ## write the JSON Schemas of suites and chatbot-qa.yaml
	$(BIN)/chatbot-qa schema suites

clean: ## remove the environment, caches and what was built; runs are kept
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name it: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "chatbot-qa needs Python 3.11 or newer, and $(PYTHON) is `$(PYTHON) -V 2>&1`." >&2; \
	  echo "Install a newer one and name it: make run PYTHON=python3.12" >&2; exit 1; }
	@echo "making the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# Compiled once here, for machines that are told to keep no compiled files (PYTHONDONTWRITEBYTECODE)
# and would compile everything at every start.
$(VENV)/installed: pyproject.toml | $(BIN)/python
	@echo "installing chatbot-qa into $(VENV)"
	@$(PIP) --editable .
	@$(BIN)/python -m compileall -q chatbot_qa
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(BIN)/python
	@echo "installing chatbot-qa and what its tests need into $(VENV)"
	@$(PIP) --editable '.[dev]'
	@$(BIN)/python -m compileall -q chatbot_qa
	@touch $(VENV)/installed $@
