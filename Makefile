# `make test` and `make demo` need git, make and Python 3.11 or newer, nothing else; `.venv` is made on the way.
PYTHON ?= python3
BIN := .venv/bin
IMAGE ?= hf-space-deploy
WORKFLOWS := $(wildcard .github/workflows/*.yml) $(wildcard tests/e2e/runner/workflows/*.yml)
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: help test test-quick lint demo e2e live image lock docs bench edits
help:
	@echo "make demo    deploy three times to a Hub on this machine and show what a workflow would see"
	@echo "make test    every test; those that need a Docker engine say so where there is none"
	@echo "make test-quick   only the unit tests"
	@echo "make lint    style, types, workflows, Dockerfile"
	@echo "make e2e     only the tests of the whole action: entrypoint, image, workflows under act"
	@echo "make live    the five steps on the real Hub, with the token in HF_TOKEN; makes private Spaces and deletes them"
	@echo "make bench   what a deploy costs beside the other ways, into docs/benchmarks.md; QUICK=1 only tries it out"
	@echo "make edits   10,000 random edits of random trees, each deploy compared with the checkout by git"
	@echo "make image   build the image of the action"
	@echo "make lock    resolve requirements/*.in again"

test: .venv
	$(BIN)/pytest $(ARGS)

test-quick: .venv
	$(BIN)/pytest tests/unit $(ARGS)

e2e: .venv
	$(BIN)/pytest tests/e2e $(ARGS)

live: .venv
	$(BIN)/pytest -m live $(ARGS)

edits: .venv
	EDITS=10000 $(BIN)/pytest tests/e2e/deploy/test_faithful.py --timeout 1200 $(ARGS)

bench: .venv
	$(BIN)/python -m bench $(if $(QUICK),--quick) $(ARGS)

demo: .venv
	@$(BIN)/python -m scripts.demo

lint: .venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/actionlint $(WORKFLOWS)
	$(BIN)/zizmor --offline --quiet action.yml $(WORKFLOWS)
	$(BIN)/hadolint Dockerfile

docs: .venv
	$(BIN)/python -m scripts.document_errors

image:
	docker build --network host --tag $(IMAGE) .

lock: .venv
	$(LOCK) --output-file requirements/action.txt requirements/action.in
	$(LOCK) --constraint requirements/action.txt --output-file requirements/dev.txt requirements/dev.in

# Made again whenever the lock changes. The stamp is written last, so that an interrupted installation is not taken for done.
.venv: .venv/installed
.venv/installed: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.13")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	@touch $@
