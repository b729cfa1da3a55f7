# Every command of the project. `make` alone lists them; ARGS="..." is passed on to the program behind a target.

VENV := .venv
BIN := $(VENV)/bin/python
MANAGE := $(BIN) manage.py
PIP := $(BIN) -m pip install --quiet --disable-pip-version-check --no-input --root-user-action=ignore

.DEFAULT_GOAL := help
.PHONY: help run test conformance coverage check fix bench seed shell lock clean distclean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

run: $(VENV)/runtime ## set everything up and run the product on 127.0.0.1:8000 (PORT=... for another port)
	@exec $(BIN) -m clutch_portal.run

test: $(VENV)/develop ## run all tests, with servers of their own
	@exec $(BIN) -m pytest -n 2 --dist loadfile $(ARGS)

conformance: $(VENV)/develop ## write docs/conformance.md: which tests cover which part of the JSON API
	@exec $(BIN) -m pytest -n 2 --dist loadfile --conformance docs/conformance.md -m "not generated" tests/merchant_api tests/lookups $(ARGS)

coverage: $(VENV)/develop ## run all tests and report branch coverage (htmlcov/)
	@exec $(BIN) -m pytest -n 2 --dist loadfile --cov --cov-branch --cov-report=html --cov-report=term:skip-covered $(ARGS)

check: check-lint check-format check-types check-imports check-templates check-django check-deploy check-migrations ## what CI checks before the tests

fix: $(VENV)/develop ## repair what tools can: lint, format, templates
	@$(BIN) -m ruff check --fix .
	@$(BIN) -m ruff format .
	@$(BIN) -m djlint templates --reformat --quiet || true

bench: $(VENV)/develop ## measure speed and memory
	@exec $(BIN) -m bench $(ARGS)

seed: $(VENV)/runtime ## make the demo brand
	@exec $(MANAGE) seed_demo $(ARGS)

shell: $(VENV)/runtime ## Django's shell, with the servers up
	@exec $(MANAGE) shell $(ARGS)

lock: $(VENV)/develop ## pin what requirements*.in ask for, with hashes
	@$(PIP) uv
	@$(BIN) -m uv pip compile $(LOCK) requirements.in -o requirements.txt
	@$(BIN) -m uv pip compile $(LOCK) requirements-dev.in -c requirements.txt -o requirements-dev.txt

clean: ## remove caches and reports
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov

distclean: clean ## also remove .venv and var/ with ALL DATA AND KEYS; refuses while something runs
	@if [ -d var ]; then $(BIN) -m clutch_portal.embedded.wipe; fi
	@rm -rf $(VENV)

# --- the parts of `make check` ---

.PHONY: check-lint check-format check-types check-imports check-templates check-django check-deploy check-migrations

check-lint: $(VENV)/develop
	@echo "== lint"
	@$(BIN) -m ruff check .

check-format: $(VENV)/develop
	@echo "== format"
	@$(BIN) -m ruff format --check .

check-types: $(VENV)/develop
	@echo "== types"
	@$(BIN) -m mypy

check-imports: $(VENV)/develop
	@echo "== import contracts"
	@$(BIN) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'

check-templates: $(VENV)/develop
	@echo "== templates"
	@$(BIN) -m djlint templates --check --quiet
	@$(BIN) -m djlint templates --lint --quiet

check-django: $(VENV)/develop
	@echo "== Django"
	@$(MANAGE) check --fail-level WARNING

check-deploy: $(VENV)/develop
	@echo "== Django, as in production"
	@$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

check-migrations: $(VENV)/develop
	@echo "== migrations"
	@$(MANAGE) makemigrations --check --dry-run

LOCK := --universal --python-version 3.11 --generate-hashes --no-header --quiet
RANDOM_KEY = $$($(BIN) -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom($(1))).decode())')
PRODUCTION = env ENVIRONMENT=production DEBUG=false PUBLIC_URL=https://portal.example.com \
	HSTS_SUBDOMAINS=true HSTS_PRELOAD=true \
	ALLOWED_HOSTS=portal.example.com DATABASE_URL=postgres://clutch@db.example.com/clutch \
	REDIS_URL=redis://redis.example.com/0 CELERY_BROKER_URL=redis://redis.example.com/1 \
	DJANGO_SECRET_KEY="$(call RANDOM_KEY,48)" API_PEPPER="$(call RANDOM_KEY,48)" PIN_KEYS="$(call RANDOM_KEY,32)"

# --- the virtual environment: made once, filled again when a requirements file changes ---

$(VENV)/made:
	@if $(BIN) -m pip --version >/dev/null 2>&1; then touch $@; exit 0; fi; \
	for python in $(or $(PYTHON),python3.12 python3.11 python3); do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making $(VENV) with $$("$$python" --version)"; \
			rm -rf $(VENV); \
			"$$python" -m venv $(VENV) && touch $@ && exit 0; \
			echo "$$python cannot make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv"; \
			exit 1; \
		fi; \
	done; \
	echo "CPython 3.11 or newer is needed (with 3.11 and 3.12 Redis comes along); found none by the name of:"; \
	echo "    $(or $(PYTHON),python3.12 python3.11 python3)"; \
	echo "Install it, or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12"; \
	exit 1

$(VENV)/runtime: requirements.txt $(VENV)/made
	@echo "Installing what the product needs"
	@$(PIP) --require-hashes -r requirements.txt
	@touch $@

$(VENV)/develop: requirements-dev.txt $(VENV)/made
	@echo "Installing what tests and checks need"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@
