# Everything needs Python 3.11 or newer, make, and at the first time a network. `make` lists the commands.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
LOCAL := $(PY) -m backbone.local
WORKERS ?= 2
ARGS ?=

# What reads the settings without a server beside it needs some address, and never uses it.
STATIC_ENV := SECRET_KEY=not-used DATABASE_URL=postgresql://nobody@/nothing

.DEFAULT_GOAL := help
.PHONY: help demo reset-demo test browser-test bench proof run format lint requirements messages clean \
	check-style check-format check-templates check-imports check-types check-unused check-deploy \
	check-migrations check-containers check-coverage

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 26

# --- the virtual environment: rebuilt when the pinned requirements change ----------------------------

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; set PYTHON to its path." >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/local: requirements/local.txt .venv/made
	$(PY) -m pip install --quiet --require-hashes -r requirements/local.txt
	@touch $@

.venv/dev: requirements/dev.txt .venv/made
	$(PY) -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch .venv/local $@

# --- trying it --------------------------------------------------------------------------------------

demo: .venv/local ## start everything with demo data, on this machine
	@$(LOCAL) demo

reset-demo: .venv/local ## remove the demo's data
	@$(LOCAL) reset-demo

run: .venv/dev ## run a command beside temporary servers: make run ARGS="manage.py shell"
	@$(LOCAL) run -- $(PY) $(ARGS)

# --- working on it ----------------------------------------------------------------------------------

test: .venv/dev ## run the tests: make test ARGS=tests/measurement
	@CHROMIUM="$$($(LOCAL) browser)" && export CHROMIUM && $(LOCAL) run -- $(PY) -m pytest -n $(WORKERS) $(ARGS)

proof: .venv/dev ## run the long trials of what is promised
	@CHROMIUM="$$($(LOCAL) browser)" && export CHROMIUM && $(LOCAL) run -- $(PY) -m pytest -m proof $(ARGS)

bench: .venv/dev ## measure the budgets, beside their floors
	@$(LOCAL) run -- $(PY) -m tests.bench $(ARGS)

format: .venv/dev ## put the code into its form
	$(PY) -m ruff check --fix-only --quiet .
	$(PY) -m ruff format --quiet .

lint: check-style check-format check-templates check-imports check-types check-unused ## all static checks

check-style: .venv/dev
	$(PY) -m ruff check --quiet .

check-format: .venv/dev
	$(PY) -m ruff format --check --quiet .

check-templates: .venv/dev
	$(PY) -m djlint --lint --quiet templates

check-imports: .venv/dev
	.venv/bin/lint-imports

check-types: .venv/dev
	$(STATIC_ENV) $(PY) -m mypy

check-unused: .venv/dev
	$(PY) -m vulture

check-deploy: .venv/dev
	INSECURE_HTTP=false DEBUG=false DEMO=false ALLOWED_HOSTS=backbone.example \
		$(LOCAL) run -- $(PY) manage.py check --deploy --database default --fail-level WARNING

check-migrations: .venv/dev
	$(LOCAL) run -- $(PY) manage.py makemigrations --check --dry-run
	LOG_LEVEL=WARNING DJANGO_SETTINGS_MODULE=tests.lint_settings $(LOCAL) run -- $(PY) -m django lintmigrations --quiet ok ignore

# After `make test ARGS="--cov --cov-report="`: every branch of the core, or nearly.
CORE := measurement/rollups/*,measurement/submissions/*,measurement/calendars/*,measurement/judgement/*,measurement/indicators/*
CORE := $(CORE),backbone/access/*,backbone/audit/*,initiatives/charter/*

check-coverage: .venv/dev
	$(PY) -m coverage report --include '$(CORE)' --fail-under 95

# The files themselves are read by tests; this asks the program that will run them, where there is one.
check-containers:
	@if docker compose version >/dev/null 2>&1; then \
		docker compose --env-file .env.example config --quiet; \
	else \
		echo "docker compose is not here; tests/backbone/local/test_shipping.py reads the file instead"; \
	fi

requirements: .venv/dev ## pin anew what pyproject.toml asks for (UPGRADE=1 takes the newest)
	@set -e; $(foreach set,base local dev,$(PY) -m uv pip compile --universal --generate-hashes --no-header --quiet \
		$(if $(UPGRADE),--upgrade) $(EXTRAS_$(set)) pyproject.toml --output-file requirements/$(set).txt;)

EXTRAS_base :=
EXTRAS_local := --extra local
EXTRAS_dev := --extra local --extra dev

messages: .venv/dev ## collect the texts to translate, and compile those that are translated (needs gettext)
	mkdir -p backbone/locale
	$(LOCAL) run -- $(PY) manage.py makemessages --all --no-obsolete --add-location file --ignore '.venv/*' --ignore 'var/*'
	$(LOCAL) run -- $(PY) manage.py compilemessages --ignore '.venv/*'

clean: ## remove the virtual environment and what tools left
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache htmlcov .coverage*
