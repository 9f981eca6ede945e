# Two commands matter: make drill (the main job) and make test (everything is checked).
.DEFAULT_GOAL := help
.PHONY: help drill test lint unit scenarios docs up report clean

PYTHON ?= python3

help: ## list these verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

drill: ## the main job: bring up nick and judy, back up, restore, judge, report
	@$(PYTHON) -m lab drill

test: ## lint, unit tests, architecture tests and every Molecule scenario
	@$(PYTHON) -m lab test

lint: ## ruff, mypy, yamllint and ansible-lint alone
	@$(PYTHON) -m lab test tests/lint

unit: ## the tests that need no lab
	@$(PYTHON) -m lab test tests/unit tests/repo

scenarios: ## the Molecule scenarios alone
	@$(PYTHON) -m lab test tests/scenarios

docs: .lab/env ## write docs/catalogue.md and docs/schema anew, from catalogue/ and the code
	@. .lab/env && python3 -m docs.generate

.lab/env:
	@$(PYTHON) -m lab prepare

up: ## start nick and judy and leave them to you (. .lab/env, then ansible-playbook)
	@$(PYTHON) -m lab up

report: ## show the newest report again
	@$(PYTHON) -m lab report

clean: ## remove exactly what drill and test made
	@$(PYTHON) -m lab clean
