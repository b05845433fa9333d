# Two doors for everybody: `make run` and `make test`. The rest is for those who work on the house.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# The first Python that is new enough; `make run PYTHON=/path/to/python` names another.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; done)

ifdef PORT
export PORTAL_PORT := $(PORT)
endif
ifdef HOST
export PORTAL_HOST := $(HOST)
endif
ifdef DATABASE_URL
export PORTAL_DATABASE_URL := $(DATABASE_URL)
endif

PYTEST := $(BIN)/python -m pytest
WORKERS ?= 2

.PHONY: help run test lint test-sqlite test-postgres test-browser prove bench screenshots messages lock clean browser

help:
	@echo "make run          the portal on http://127.0.0.1:8000 (PORT=, HOST=, DATABASE_URL=)"
	@echo "make test         every test, on SQLite and PostgreSQL, and in a browser"
	@echo "make prove        the promises at full size, figures in docs/PROOF.md"
	@echo "make bench        the benchmark, figures in bench/RESULTS.md"
	@echo "make screenshots  every page in every state"
	@echo "make messages     the catalogs of both languages from the sources"
	@echo "make lock         requirements.lock and tests/requirements.lock from pyproject.toml (needs uv)"
	@echo "make clean        removes what was installed and made, but not var/"

run: $(VENV)/portal-installed
	@$(BIN)/portal run

test: lint test-sqlite test-postgres test-browser
	@echo "All tests passed: SQLite, PostgreSQL, browser, types, style."

lint: $(VENV)/tests-installed
	$(BIN)/ruff check .
	$(BIN)/mypy

test-sqlite: $(VENV)/tests-installed
	PORTAL_TEST_ENGINE=sqlite $(PYTEST) -n $(WORKERS) --dist worksteal -m "not browser"

test-postgres: $(VENV)/tests-installed
	PORTAL_TEST_ENGINE=postgres $(PYTEST) -n $(WORKERS) --dist worksteal -m "not browser"

test-browser: $(VENV)/tests-installed browser
	PORTAL_TEST_ENGINE=sqlite $(PYTEST) tests/browser -n $(WORKERS) --dist loadfile

# Alone on the machine and one engine after the other: the figures are measured, not only asserted.
prove: $(VENV)/tests-installed browser
	rm -rf var/proof
	PORTAL_PROVE=1 PORTAL_TEST_ENGINE=sqlite $(PYTEST) -m prove
	PORTAL_PROVE=1 PORTAL_TEST_ENGINE=postgres $(PYTEST) -m "prove and not browser"

bench: $(VENV)/tests-installed browser
	$(BIN)/python -m bench

screenshots: $(VENV)/tests-installed browser
	$(BIN)/python -m tests.browser.screenshots

messages: $(VENV)/portal-installed
	$(BIN)/python -m portal.i18n.catalog

UV := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock:
	$(UV) pyproject.toml --output-file requirements.lock
	$(UV) pyproject.toml --extra test --constraints requirements.lock --output-file tests/requirements.lock

clean:
	rm -rf $(VENV) *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "The portal needs Python 3.11 or newer, and none was found." \
		"Install it, or name it: make run PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than 3.11." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment" \
		"(on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }

$(VENV)/locked: requirements.lock | $(VENV)/bin/python
	@echo "Installing what requirements.lock names …"
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/portal-installed: pyproject.toml $(VENV)/locked
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/tests-installed: tests/requirements.lock $(VENV)/portal-installed
	@echo "Installing what tests/requirements.lock names …"
	@$(PIP) install --require-hashes -r tests/requirements.lock
	@touch $@

browser:
	@sh tests/browser/install.sh
