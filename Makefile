# Every target works on a fresh machine that has Python 3.11 and make: it prepares .venv first.
PYTHON ?= python3.11
CATALOG ?=
BIN := .venv/bin
MYPY_TARGETS := $(wildcard tools runtime/src services/*/src client/src devstack/src training/src evaluation/src benchmarks)

.DEFAULT_GOAL := help
.PHONY: help setup venv demo up down status logs test checks lint types boundaries protos protos-check buf buf-image docs docs-check format constraints clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

setup: ## Install system packages (as root, on Debian), .venv and every part; skipped when nothing changed
	@$(PYTHON) tools/set_up.py

venv: setup

demo: setup ## Start everything on this machine and ask a first question (CATALOG=file.jsonl uses your products)
	@$(BIN)/shopguide demo $(if $(CATALOG),--catalog "$(CATALOG)") $(if $(MAPPING),--mapping "$(MAPPING)")

up: setup ## Start Qdrant, Triton and the four services in the background
	@$(BIN)/shopguide up

down: setup ## Stop what `make up` or `make demo` started
	@$(BIN)/shopguide down

status: setup ## Show what runs, where and whether it is healthy
	@$(BIN)/shopguide status

logs: setup ## Show the last log lines of every process
	@$(BIN)/shopguide logs

test: setup checks ## Run every check and every test
	@$(BIN)/python -m pytest -q

checks: lint types boundaries protos-check buf docs-check ## Run every check, without the tests

lint: setup ## Check style and formatting
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet . && echo "lint: clean"

types: setup ## Check types
	@$(BIN)/mypy --no-error-summary $(MYPY_TARGETS)
	@$(BIN)/python tools/check_model_types.py
	@echo "types: clean"

boundaries: setup ## Check which part imports which
	@$(BIN)/python tools/check_boundaries.py && echo "boundaries: clean"

protos: setup ## Make the stubs from the .proto files
	@$(BIN)/python tools/generate_stubs.py

protos-check: setup ## Check that the committed stubs are up to date
	@$(BIN)/python tools/check_stubs.py && echo "stubs: up to date"

buf: setup ## Lint the contract, check its formatting and that no change breaks clients
	@$(BIN)/python tools/buf.py check && echo "contract: clean"

buf-image: setup ## Record the contract as the one that later changes must not break (at a release)
	@$(BIN)/python tools/buf.py image

docs: setup ## Make docs/api.md from the contract and docs/settings.md from the services
	@$(BIN)/python tools/make_api_docs.py
	@$(BIN)/python tools/make_settings_docs.py

docs-check: setup ## Check that docs/api.md and docs/settings.md are up to date
	@$(BIN)/python tools/make_api_docs.py --check
	@$(BIN)/python tools/make_settings_docs.py --check
	@echo "docs: up to date"

format: setup ## Format Python and .proto files
	@$(BIN)/ruff check --quiet --fix-only . ; $(BIN)/ruff format --quiet . && $(BIN)/python tools/buf.py format

constraints: setup ## Pin the versions installed now in constraints.txt
	@$(BIN)/python tools/pin_constraints.py

clean: ## Remove .venv, caches and build outputs; run-time state in .shopguide stays
	@rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
	@find . -type d \( -name __pycache__ -o -name '*.egg-info' \) -prune -exec rm -rf {} +
