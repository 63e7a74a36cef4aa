# Everything a person types. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Where byte code is not kept, every program compiles 1,400 modules anew: four seconds each time.
unexport PYTHONDONTWRITEBYTECODE

# The first Python that is new enough; `make PYTHON=/path/to/python` chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

# A stamp is named after what it was made from, so a second run is instant and a changed pin is noticed.
key = $(shell { $(PYTHON) -V; echo $(CURDIR); cat $(1); } 2>/dev/null | sha256sum | cut -c1-16)
CORE := $(VENV)/.core-$(call key,requirements/core.txt requirements/build.txt requirements/sdist-allowed.txt pyproject.toml)
DEV := $(VENV)/.dev-$(call key,requirements/core.txt requirements/build.txt requirements/extras.txt requirements/dev.txt pyproject.toml)

# Wheels only, by hash only; exceptions are pure Python, named in requirements/sdist-allowed.txt.
# Byte code is made when first used: half the time, a fifth less disk.
SDISTS := $(shell sed -e 's/\#.*//' requirements/sdist-allowed.txt | xargs | tr ' ' ',')
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --no-compile --require-hashes --no-deps --only-binary :all: $(if $(SDISTS),--no-binary $(SDISTS))

.PHONY: help
help: ## list what can be made
	@echo "Seawall. Start with: make demo"; echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(CORE) ## play an intrusion into a folder, hunt it, show what was caught
	@$(BIN)/seawall demo

.PHONY: setup
setup: $(DEV) ## make .venv with everything for running, testing and writing docs

.PHONY: fix
fix: $(DEV) ## format the code, mend what ruff can mend, write the reference pages
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .
	@$(BIN)/python -m tools.reference write

.PHONY: lint
lint: $(DEV) ## style, types, layers, pins, reference pages
	@echo "ruff";      $(BIN)/ruff check --quiet . || { echo "mend: make fix"; exit 1; }
	@$(BIN)/ruff format --quiet --check . || { $(BIN)/ruff format --check .; echo "mend: make fix"; exit 1; }
	@echo "mypy";      $(BIN)/mypy --no-error-summary
	@echo "layers";    $(BIN)/lint-imports --config pyproject.toml > .import_linter.out \
		|| { cat .import_linter.out; exit 1; }; rm -f .import_linter.out
	@echo "pins";      $(BIN)/python -m tools.pins check
	@echo "reference"; $(BIN)/python -m tools.reference check
	@echo "shell";     bash -n .ci/run tools/*.sh
	@echo "lint: fine"

.PHONY: test
test: $(DEV) ## run the tests (under ten minutes)
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: soak
soak: $(DEV) ## full figures: long fuzzing, 1,000 kills; resumable; writes docs/evidence
	@$(BIN)/python -m tools.soak $(ARGS)

.PHONY: bench
bench: $(DEV) ## measure speed and memory; print figures with machine and date
	@$(BIN)/python -m tools.bench $(ARGS)

.PHONY: model
model: $(DEV) ## train the text model of mail triage anew, from the samples named by SEAWALL_CORPUS
	@$(BIN)/python -m tools.mail_model $(ARGS)

.PHONY: docs
docs: $(DEV) ## build the documentation into site/
	@$(BIN)/python -m tools.reference check
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@echo "open site/index.html"

.PHONY: extras
extras: $(CORE) ## add every optional part: console, service, sharing, response, mail, training, PostgreSQL
	@$(INSTALL) -r requirements/extras.txt

.PHONY: spark
spark: $(CORE) ## add the second engine, Apache Spark, to .venv (needs Java)
	@$(INSTALL) -r requirements/spark.txt

.PHONY: system-deps
system-deps: ## install the Debian packages that tests of real parts need
	@bash tools/system_deps.sh

.PHONY: bundle
bundle: $(DEV) ## offline install in dist/: wheels, SBOM, checksums; tried without network
	@$(BIN)/python -m tools.bundle dist
	@bash tools/try_bundle.sh dist

.PHONY: pins
pins: $(DEV) ## choose newer versions of every dependency, with hashes
	@$(BIN)/python -m tools.pins write

$(CORE):
	@test -n "$(PYTHON)" || { echo "Seawall needs Python 3.11 or newer: apt-get install python3 python3-venv"; exit 1; }
	@echo "making $(VENV) with what Seawall needs to run (once)"
	@if [ -d $(VENV) ] && [ "$$($(BIN)/python -V 2>&1)" != "$$($(PYTHON) -V)" ]; then rm -rf $(VENV); fi
	@$(PYTHON) -m venv $(VENV) || { echo "mend: apt-get install python3-venv"; exit 1; }
	@$(INSTALL) -r requirements/build.txt -r requirements/core.txt
	@$(PIP) install --quiet --no-index --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.core-*; touch $@

$(DEV): $(CORE)
	@echo "adding every optional part, and the tools for tests and docs (once)"
	@$(INSTALL) -r requirements/extras.txt
	@$(INSTALL) -r requirements/dev.txt
	@rm -f $(VENV)/.dev-*; touch $@
