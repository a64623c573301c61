# Every command of the project. `make help` lists them.
SHELL := /bin/bash
.DELETE_ON_ERROR:
PY := .venv/bin/python
PYTHON ?= $(shell command -v python3.11 || command -v python3)
ENV ?= dev
# The fast suite: folders whose tests need no process, no model and no synth, less the few that do.
FAST := tests/config tests/lambdas tests/containers/common tests/local
SLOW := tests/config/test_properties.py tests/local/report/test_collect.py tests/local/rehearsal/test_flights.py \
	tests/local/rehearsal/test_processes.py tests/local/cloud/sagemaker tests/local/cloud/hosting \
	tests/local/cloud/feature_store tests/local/cloud/autoscaling
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20
export NPM_CONFIG_UPDATE_NOTIFIER := false
# Empty turns it off where the machine sets it: without byte code each process compiles aws_cdk again, for seconds.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help install up down test test-fast lint types synth snapshots schema docs lock bench-synth clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: .venv/.installed node_modules/.installed ## locked Python dependencies and the pinned CDK CLI, both in this folder

.venv/.installed: requirements-dev.txt
	@echo "installing the locked Python dependencies into .venv"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is needed, '$(PYTHON)' is another; name yours with 'make PYTHON=...'" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check uv==0.13.9
	.venv/bin/uv pip sync --quiet --require-hashes --python $(PY) requirements-dev.txt
	@touch $@

node_modules/.installed: package.json package-lock.json
	@echo "installing the pinned CDK CLI into node_modules"
	npm ci --no-fund --no-audit --loglevel=error
	@touch $@

up: install ## local cloud, deployment and a model's whole life on it; the cloud stays up
	@$(PY) -m local.rehearsal up

down: ## stop the local cloud and remove its state
	@if [ -x $(PY) ]; then $(PY) -m local.rehearsal down; else echo "nothing is installed, so nothing runs"; fi

test: install ## everything that CI runs
	$(MAKE) lint types
	.venv/bin/coverage erase
	.venv/bin/coverage run -m pytest -m "not e2e and not browser" -n 2 --dist loadgroup
	.venv/bin/coverage run -m pytest -m "e2e or browser"
	.venv/bin/coverage combine --quiet
	.venv/bin/coverage report --skip-covered --fail-under=90

test-fast: install ## an answer in seconds: no CDK, no cloud
	FAST_SUITE=1 $(PY) -m pytest -m "not cdk and not cloud and not e2e and not browser" $(FAST) $(SLOW:%=--ignore=%)

lint: install ## format, lint, schema freshness
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	$(PY) -m infra.config
	$(PY) -m infra.config.schema --check
	$(PY) -m docs.generator --check

types: install ## mypy, strict
	.venv/bin/mypy app.py infra stacks lambdas local models containers bench docs

synth: install ## synthesize ENV (default dev) offline, with the checks
	node_modules/.bin/cdk synth --quiet -c env=$(ENV)

snapshots: install ## rewrite the template snapshots after a change that you want
	$(PY) -m tests.support.snapshots --update
	$(PY) -m docs.generator

schema: install ## rewrite the JSON schemas of the configuration
	$(PY) -m infra.config.schema

docs: install ## rewrite the tables of the documentation
	$(PY) -m docs.generator

lock: install ## lock the dependencies again after an edit of a *.in file
	.venv/bin/uv pip compile --quiet --generate-hashes --no-annotate --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	.venv/bin/uv pip compile --quiet --generate-hashes --no-annotate --python-version 3.11 requirements.in -c requirements-dev.txt -o requirements.txt

bench-synth: install ## cdk synth of prod against an empty app, side by side
	$(PY) -m bench.synth

clean: down ## remove everything that is not in git
	rm -rf .venv node_modules cdk.out* out build .local .pytest_cache .mypy_cache .ruff_cache .hypothesis
