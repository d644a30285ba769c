# Commands everybody relies on. `make` alone lists them. Nothing here needs Docker or sudo.
PYTHON := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup packages up demo test lint bench bench-full soak drill lock down clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## install everything and prepare the database; seconds when it is already done
	@python=$$(sh tools/find-python.sh) && "$$python" -m tools.setup

up: setup ## all processes under one supervisor, with sample accounts; Ctrl-C stops them
	@$(PYTHON) -m tools.up

demo: setup ## the main job on real input, end to end; receipts are left in var/demo
	@$(PYTHON) -m tools.demo

test: setup ## every test; with CI=true a test left out is a failure
	@$(PYTHON) -m pytest -q -n 2 $(ARGS)

packages:
	@python=$$(sh tools/find-python.sh) && "$$python" -m tools.setup packages

lint: packages ## format, rules, types, floors and templates
	@$(PYTHON) -m tools.lint

bench: setup ## what one run measures against pgbench and COPY on the same server; minutes
	@$(PYTHON) -m bench

bench-full: setup ## the same with the sizes of a whole city: a million rows, five million bills; an hour
	@$(PYTHON) -m bench --full

soak: setup ## kills an issue of 200,000 bills again and again; 100,000 random rows; memory
	@$(PYTHON) -m bench --soak

drill: setup ## does a backup bring the books back? on throw-away clusters
	@$(PYTHON) -m tools.restore_drill

lock: ## pin packages anew from pyproject.toml; needs `uv` and a network
	uv pip compile --universal --generate-hashes --no-header --python-version 3.11 --group dev pyproject.toml --output-file requirements.lock
	uv pip compile --universal --generate-hashes --no-header --no-annotate --group node --output-file requirements-node.lock

down: ## stop the embedded PostgreSQL
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m tools.postgres stop; fi

clean: ## forget everything that is not in git: database, packages, secrets, caches
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m tools.postgres remove; fi
	rm -rf .venv node_modules var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -name '*.mo' -type f -delete
