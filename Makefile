# make lab    creates the environment if need be and opens JupyterLab, ready for a new bench
# make test   the same environment with the test tools and a browser, then every check CI runs
# make bench  the reference package and ours side by side; the table goes to benchmarks/results
# make docs   the documentation as HTML pages in site/; LINKS=1 also asks every host it links to
# All work on a fresh Debian-like machine with Python >= 3.11; nothing is installed a second time.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# constraints.txt pins everything, torch above all: no step may resolve a newer one.
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt
# JupyterLab refuses to run as root, as in a container, unless told.
ROOT_ARGS := $(if $(filter 0,$(shell id -u)),--allow-root)
# pip copies these into the environment, where JupyterLab looks; a change needs a new copy.
LABEXTENSION := $(shell find share/jupyter -type f)
LAB_ARGS ?=
# One process per core; the order of the tests stays, so that the browser comes last and alone.
PYTEST_ARGS ?= -n auto --dist loadgroup --no-loadscope-reorder
BENCH_ARGS ?=

NPX := $(if $(shell command -v npm),npx --no-install,@true)
PYRIGHT := $(if $(shell command -v node),$(BIN)/pyright,@true)

export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

.PHONY: lab test check javascript format bench notebooks docs audit browser clean

lab: $(VENV)/installed
	$(BIN)/workbench lab $(ROOT_ARGS) $(LAB_ARGS)

# With a process per core, threads would only wait for each other.
test: export OMP_NUM_THREADS ?= 1
test: check
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/installed-for-tests browser javascript
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(PYRIGHT)

# Types, style and format of the browser's modules; tests/js has their tests.
javascript: node_modules/installed
	$(NPX) tsc
	$(NPX) biome ci

format: $(VENV)/installed-for-tests node_modules/installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NPX) biome check --write

# BENCH_ARGS="--sizes full --lengths 64 256 512" for the 1.4B size, which takes 12 GB and long.
bench: $(VENV)/installed-for-tests
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

# Runs the notebooks of the classic jobs and writes their outputs back, as after a new embedded model.
notebooks: $(VENV)/installed-for-tests
	$(BIN)/python tools/execute_notebooks.py

# Asks the network what is known of the pinned packages; an environment of its own keeps them as they are.
audit: | $(BIN)/python
	$(BIN)/python -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install -qq --disable-pip-version-check pip-audit
	$(VENV)/audit/bin/pip-audit --strict --requirement constraints.txt --no-deps --disable-pip

docs: $(VENV)/installed-for-docs
	$(BIN)/python -m sphinx -b html -W --keep-going -q docs site
	if [ -n "$(LINKS)" ]; then $(BIN)/python -m sphinx -b linkcheck -q docs site/links; fi

browser:
	tools/install_browser.sh

# The tools that check JavaScript; pyright runs on node too. Nothing of them is needed to run the bench;
# without npm, on a machine that never changes the browser's modules, these checks are left out, and it
# is said.
node_modules/installed: package.json package-lock.json
	@if command -v npm >/dev/null; then npm ci --silent && touch $@; \
	else echo "npm is not installed: neither JavaScript nor types are checked (node 20 or newer has it)" >&2; fi

clean:
	rm -rf $(VENV) node_modules .pytest_cache .ruff_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' \
		|| { echo "Python's venv is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt $(LABEXTENSION) | $(BIN)/python
	@echo "Installing into $(VENV); the first time this takes a few minutes."
	$(INSTALL) torch
	$(INSTALL) -e .
	@touch $@

# The reference package `esm` is the oracle of the parity tests. Its own requirements do not fit this
# environment, so it comes alone; tests/helpers/reference.py says how it gets by without them.
$(VENV)/installed-for-tests: $(VENV)/installed
	$(INSTALL) -e '.[test]'
	$(INSTALL) --no-deps esm
	@touch $@

$(VENV)/installed-for-docs: $(VENV)/installed
	$(INSTALL) -e '.[docs]'
	@touch $@
