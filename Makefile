# The commands of this repository. They need make and Python 3.11 or newer; PostgreSQL, Redis and Node come from pip.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# A heading belongs above its own output, also under `make -j`.
.NOTPARALLEL:

PY := .venv/bin/python
NPM := $(PY) tools/npm.py
MANAGE := $(PY) manage.py
CLIENT := apps/widget/client
# The back office's graph editor: a package of its own, which shares the widget's engine.
EDITOR_CLIENT := apps/backoffice/client
EDITOR_NPM := $(NPM) --in $(EDITOR_CLIENT)
# Stamps: each is newer than what it was made from, so nothing is installed or built twice.
INSTALLED := .venv/.installed
CLIENT_INSTALLED := $(CLIENT)/node_modules/.installed
EDITOR_INSTALLED := $(EDITOR_CLIENT)/node_modules/.installed
WIDGET := static/widget/version-manifest.json
EDITOR := static/backoffice/build/graph.js
WIDGET_SOURCES := $(shell find $(CLIENT) -name node_modules -prune -o -type f -print 2>/dev/null)
EDITOR_SOURCES := $(shell find $(EDITOR_CLIENT) $(CLIENT)/src/engine -name node_modules -prune -o -type f -print 2>/dev/null)
# How many processes share the Python tests.
JOBS ?= 2

heading = @printf '\n== %s\n' '$(1)'

.PHONY: help
help: ## List the commands (this text)
	@echo 'Wrkbelt Scheduler. `make demo` runs everything here; `make test` checks everything.'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# --- What a machine needs ---------------------------------------------------------------------------

.PHONY: setup
setup: $(INSTALLED) $(CLIENT_INSTALLED) $(EDITOR_INSTALLED) ## Install what the project needs into .venv and node_modules

$(PY):
	@tools/make_venv

$(INSTALLED): requirements/development.txt | $(PY)
	@echo 'Installing the Python packages'
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/development.txt
	@touch $@

$(CLIENT_INSTALLED): $(CLIENT)/package-lock.json $(CLIENT)/package.json | $(INSTALLED)
	@echo 'Installing the JavaScript packages'
	@$(NPM) ci --ignore-scripts --loglevel=error
	@touch $@

$(EDITOR_INSTALLED): $(EDITOR_CLIENT)/package-lock.json $(EDITOR_CLIENT)/package.json | $(INSTALLED)
	@echo "Installing the graph editor's JavaScript packages"
	@$(EDITOR_NPM) ci --ignore-scripts --loglevel=error
	@touch $@

.PHONY: widget
widget: $(WIDGET) ## Build the booking widget into static/widget

$(WIDGET): $(WIDGET_SOURCES) $(CLIENT_INSTALLED)
	@echo 'Building the widget'
	@$(NPM) run --silent build
	@touch $@

.PHONY: editor
editor: $(EDITOR) ## Build the back office's graph editor into static/backoffice/build

$(EDITOR): $(EDITOR_SOURCES) $(EDITOR_INSTALLED)
	@echo 'Building the graph editor'
	@$(EDITOR_NPM) run --silent build
	@touch $@

# --- Run --------------------------------------------------------------------------------------------

.PHONY: demo
demo: $(INSTALLED) $(WIDGET) $(EDITOR) ## Run everything with demo data on port 8000 (PORT=8010 another, DEMO_LOGS=1 all logs)
	@exec $(MANAGE) demo

.PHONY: migrate
migrate: $(INSTALLED) ## Bring the local database up to date
	@$(MANAGE) migrate

.PHONY: shell
shell: $(INSTALLED) ## Open a Python shell with the project loaded
	@$(MANAGE) shell

# --- Check ------------------------------------------------------------------------------------------

.PHONY: test
test: setup browser lint types client-test pytest ## Run every check and test

.PHONY: test-fast
test-fast: $(INSTALLED) ## Run the Python tests that need no browser
	@$(PY) -m pytest -n $(JOBS) -m 'not browser' $(ARGS)

# On a laptop the browser tests skip, with this reason; in CI a skipped proof is a failure.
.PHONY: browser
browser:
	@tools/find_browser >/dev/null || test "$${CI:-}" != true

.PHONY: lint
lint: $(INSTALLED) ## Check style, formatting and the direction of imports
	$(call heading,ruff check)
	@$(PY) -m ruff check .
	$(call heading,ruff format)
	@$(PY) -m ruff format --check .

.PHONY: types
types: $(INSTALLED) ## Check the types, the layers and the migrations
	$(call heading,mypy)
	@$(PY) -m mypy
	$(call heading,import-linter)
	@.venv/bin/lint-imports
	$(call heading,migrations)
	@$(MANAGE) makemigrations --check --dry-run --settings scheduler_project.settings.test

.PHONY: client-test
client-test: $(CLIENT_INSTALLED) $(EDITOR_INSTALLED)
	$(call heading,widget: types)
	@$(NPM) run --silent typecheck
	$(call heading,widget: lint)
	@$(NPM) run --silent lint
	$(call heading,widget: tests)
	@$(NPM) run --silent test
	$(call heading,widget: build)
	@$(MAKE) --no-print-directory widget
	$(call heading,graph editor: types)
	@$(EDITOR_NPM) run --silent typecheck
	$(call heading,graph editor: lint)
	@$(EDITOR_NPM) run --silent lint
	$(call heading,graph editor: tests)
	@$(EDITOR_NPM) run --silent test
	$(call heading,graph editor: build)
	@$(MAKE) --no-print-directory editor

.PHONY: pytest
pytest: $(INSTALLED)
	$(call heading,pytest)
	@$(PY) -m pytest -n $(JOBS) $(ARGS)

.PHONY: format
format: $(INSTALLED) ## Format the Python code and mend what ruff can mend
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

ifneq ($(wildcard benchmarks/__main__.py),)
.PHONY: bench
bench: setup widget ## Measure the hot paths against their baselines (NAME=slot_generation for one)
	@$(PY) -m benchmarks $(NAME)
endif

# --- Look after -------------------------------------------------------------------------------------

.PHONY: lock
lock: $(INSTALLED) ## Pin the Python packages that pyproject.toml asks for (ARGS=--upgrade for newer ones)
	@$(PY) -m uv --version >/dev/null 2>&1 || $(PY) -m pip install --quiet --disable-pip-version-check uv
	@$(PY) -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header -q $(ARGS) --extra tracing -o requirements/production.txt
	@$(PY) -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header -q $(ARGS) --extra tracing --extra local --extra test \
		-c requirements/production.txt -o requirements/development.txt

.PHONY: clean-data
clean-data: $(INSTALLED) ## Remove the embedded databases and everything in them
	@$(PY) -m scheduler_project.embedded clean

.PHONY: clean
clean: ## Remove what was installed and built; the data stays
	rm -rf .venv $(CLIENT)/node_modules $(EDITOR_CLIENT)/node_modules static/widget static/backoffice/build staticfiles
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
