# Everything starts here; `make help` says what there is. The work is done by scripts/, manage.py and bench/.
# PORT, VAR, DEMO and every variable of docs/operations.md may be given: `PORT=9000 make run`.
SHELL := /bin/bash
PYTHON := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help run test check messages format bench soak tour clean

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: ## set up what is missing and serve the course until Ctrl-C (PORT=8000 VAR=var DEMO=1)
	@scripts/setup.sh run && DEMO=$${DEMO:-1} exec $(PYTHON) manage.py run_course

test: ## everything: checks, tests on SQLite and PostgreSQL with Redis, real workers, a real browser
	@scripts/setup.sh test && exec scripts/test.sh

check: ## lint, types, floors, migrations, templates, translations
	@scripts/setup.sh test && exec scripts/check.sh

messages: ## gather what is to be translated into locale/
	@scripts/setup.sh test && exec scripts/messages.sh

format: ## put the code into its form
	@scripts/setup.sh test && $(PYTHON) -m ruff check --fix . && $(PYTHON) -m ruff format .

bench: ## ratios, measured side by side in one run
	@scripts/setup.sh test && exec $(PYTHON) -m tests.servers $(PYTHON) -m bench

soak: ## the long counts: ten times what `make test` runs
	@scripts/setup.sh test && SOAK=10 exec scripts/test.sh

tour: ## pictures of the main pages and papers under var/tour
	@scripts/setup.sh test && exec $(PYTHON) -m bench.tour

clean: ## remove what set-up and tests made, not the data of `make run`
	rm -rf .venv var/test var/tour .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
