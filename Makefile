# `make test` and `make demo` need git, make and Python 3.11 or newer, nothing else; `.venv` is made on the way.
# The system's, where it is new enough: distributions build theirs with a profile, and one that pyenv compiled takes 1.4 times as long.
PYTHON ?= $(or $(shell /usr/bin/python3 -c 'import ensurepip, sys; sys.version_info >= (3, 11) and print(sys.executable)' 2>/dev/null),python3)
BIN := .venv/bin
IMAGE ?= hf-space-deploy
WORKFLOWS := $(wildcard .github/workflows/*.yml) $(wildcard tests/e2e/runner/workflows/*.yml)
# What dependencies of the image ask for and no run loads, see requirements/action.in.
NEVER_LOADED := cryptography pycparser fsspec click
EXAMPLES := $(wildcard examples/workflows/*.yml)
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras

# Bytecode is kept, whatever the shell says: without it each process of pytest rewrites the assertions of every module again.
export PYTHONDONTWRITEBYTECODE :=

# The tests' files lie in memory where there is room (4 GB): a quarter of the time was the disk's. Those of a bench (12 GB) too: of a
# commit with a thousand files, localhub's disk took three quarters.
in-memory = $(shell test "$$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -ge $(1) 2>/dev/null && echo TMPDIR=/dev/shm)
IN_MEMORY := $(call in-memory,4000000)

# Twelve processes for two cores, because steps mostly wait. Each has a Hub, a home and names of its own.
PYTEST := $(BIN)/pytest -n $(or $(PROCESSES),12) --dist loadgroup

.PHONY: help test test-quick test-engine test-all coverage lint demo e2e live image weigh janitor lock update docs bench edits packages pictures variants reverted conformance judged costs wheel faults kills signals races fuzz leaks hostile verified
help:
	@echo "make demo    deploy three times to a Hub on this machine and show what a workflow would see; KEEP=1 stays open"
	@echo "make test    every test that needs no Docker engine and no browser; make test-engine: those; make test-all: both"
	@echo "make test-quick   only the unit tests, in seconds"
	@echo "make coverage     the tests of make test, and which lines and branches they leave out"
	@echo "make pictures     what summaries look like, on a phone and a desktop, into build/pictures/; needs Chromium and an emoji font (fonts-noto-color-emoji)"
	@echo "make lint    style, types, workflows, Dockerfile"
	@echo "make e2e     only the tests of the whole action: entrypoint, image, workflows under act"
	@echo "make live    the five steps on the real Hub, with the token in HF_TOKEN, after what a static Space's / answers there"
	@echo "make bench   what a deploy costs beside the other ways, into docs/benchmarks.md; QUICK=1 only tries it out"
	@echo "make packages  no file of 30 real packages is refused without a reason; downloads them"
	@echo "make edits   10,000 random edits of random trees, each deploy compared with the checkout by git"
	@echo "make variants  every promise on every Hub that the live one may be: the table"
	@echo "make reverted  each fix for the live Hub taken back: the table must show it"
	@echo "make faults  every request of every command gone wrong in every way, judged by what localhub then has: the table"
	@echo "make hostile kills, signals, races, texts that mean harm, a search for leaks; or each by its name: kills signals races fuzz leaks"
	@echo "make verified 20 Spaces of every kind deployed and verified, 60 changes beneath the Hub named"
	@echo "make judged  what pyhfapi says of the requests and answers of the last run, route by route"
	@echo "make costs   what deploys of Open WebUI ask of every Hub that decides otherwise what is a large file"
	@echo "make conformance  ask the live Hub (HF_TOKEN=…) what localhub only assumes; every Space that it makes is deleted"
	@echo "make image   build the image of the action; make weigh: its size and start, and what a run imports, against their bounds"
	@echo "make wheel   build the wheel of hf-space-deploy into dist/"
	@echo "make janitor delete the Spaces that killed live tests left (HF_TOKEN=…)"
	@echo "make lock    resolve requirements/*.in again; make update: to the newest versions"
	@echo "make docs    what is generated: docs/errors.md, docs/spaces.schema.json, action-types.yml, uvx/action.yml, rehearse/action.yml"

test: .venv
	$(IN_MEMORY) $(PYTEST) -m "not (live or packages or engine or browser)" $(if $(COVERAGE),--cov --cov-report=) $(ARGS)
	$(if $(COVERAGE),$(BIN)/coverage report)

test-quick: .venv
	$(IN_MEMORY) $(PYTEST) tests/unit $(ARGS)

test-engine: .venv
	$(PYTEST) -m "engine or browser" $(ARGS)

test-all: .venv
	$(PYTEST) -m "not live" $(ARGS)

coverage:
	$(MAKE) test COVERAGE=1

e2e: .venv
	$(PYTEST) tests/e2e $(ARGS)

live: .venv
	-@$(BIN)/python -m scripts.conformance run --only static_host --output build/static-host.jsonl
	$(BIN)/pytest -m live $(ARGS)

judged: .venv
	$(BIN)/python -m tests.kit.judge

costs: .venv
	$(BIN)/python -m scripts.costs

variants: .venv
	$(BIN)/python -m scripts.variants $(ARGS)

reverted: .venv
	$(BIN)/python -m scripts.variants.reverted

faults: .venv
	$(IN_MEMORY) $(BIN)/python -m scripts.faults $(ARGS)

kills signals races fuzz leaks: .venv
	$(IN_MEMORY) $(BIN)/python -m scripts.hostile $@ $(ARGS)

hostile: .venv
	$(IN_MEMORY) $(BIN)/python -m scripts.hostile all $(ARGS)

verified: .venv
	$(IN_MEMORY) $(BIN)/python -m scripts.verified

conformance: .venv
	$(BIN)/python -m scripts.conformance run $(ARGS)

edits: .venv
	EDITS=10000 $(PYTEST) tests/e2e/deploy/test_faithful.py --timeout 1200 $(ARGS)

packages: .venv
	$(BIN)/pytest -m packages tests/unit/checkout/test_real_packages.py tests/unit/foresight/test_real_packages.py tests/e2e/runner/test_without_docker.py $(ARGS)

bench: .venv
	$(call in-memory,12000000) $(BIN)/python -m bench $(if $(QUICK),--quick) $(ARGS)

pictures: .venv
	@$(BIN)/python -m scripts.pictures

demo: .venv
	@KEEP=$(KEEP) $(BIN)/python -m scripts.demo

lint: .venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/actionlint $(WORKFLOWS)
	$(BIN)/zizmor --offline --quiet action.yml uvx/action.yml rehearse/action.yml .github/dependabot.yml $(WORKFLOWS)
	$(BIN)/actionlint $(EXAMPLES)
	$(BIN)/zizmor --offline --quiet --config examples/zizmor.yml $(EXAMPLES)
	$(BIN)/hadolint Dockerfile Dockerfile.rehearse

docs: .venv
	$(BIN)/python -m scripts.document_errors
	$(BIN)/python -m scripts.action_files
	$(BIN)/python -m scripts.spaces_schema

wheel: .venv
	$(BIN)/uv build --quiet --wheel --out-dir dist

image:
	docker build --network host --tag $(IMAGE) .

weigh: .venv
	$(BIN)/python -m scripts.weigh $(IMAGE)

janitor: .venv
	$(BIN)/python -m scripts.janitor

lock: .venv
	$(LOCK) --output-file requirements/action.txt requirements/action.in
	$(LOCK) --constraint requirements/action.txt $(NEVER_LOADED:%=--no-emit-package %) --output-file requirements/image.txt requirements/action.in
	$(LOCK) --constraint requirements/action.txt --output-file requirements/dev.txt requirements/dev.in
	$(LOCK) --constraint requirements/dev.txt --output-file requirements/rehearse.txt requirements/rehearse.in

update:
	$(MAKE) lock LOCK="$(LOCK) --upgrade"

# Made again whenever the lock changes. The stamp is written last, so that an interrupted installation is not taken for done.
.venv: .venv/installed
.venv/installed: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.13")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	@touch $@
