# make fly    set up .venv and fly the mission that ships with the project
# make test   set up .venv and run every test
# The rest: lint, test-rooms, fuzz, lock, clean. Another interpreter: make test PYTHON=python3.13

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.longwatch-ready
MISSION ?= missions/thrace-watch.plan
PYTEST_ARGS ?=
PYTEST := $(BIN)/python -m pytest
PARALLEL := -n auto --dist worksteal
# Whole missions fly compiled only, and rooms without compiled code need no second run.
ROOMS := $(PARALLEL) $(addprefix --ignore=tests/,system services live clients mavlink datalink \
  test_project.py)

.DEFAULT_GOAL := help
.PHONY: help install fly test test-rooms test-bounds test-plain lint lint-style lint-types \
  lint-imports compatibility lock clean

help:
	@sed -n '1,/^$$/s/^# //p' Makefile

install: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Longwatch needs Python 3.11 or newer; '$(PYTHON)' is not. Name another one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "'$(PYTHON)' comes without its venv module. On Debian or Ubuntu: apt install python3-venv. Then run make again." >&2; exit 1; }
	@echo "Setting up $(VENV), once: about 330 MB to fetch ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
	@echo "$(VENV) is ready."

fly: $(READY)
	@$(BIN)/longwatch fly $(MISSION)

test: $(READY)
	$(PYTEST) $(PARALLEL) $(PYTEST_ARGS)

lint: lint-style lint-types lint-imports

lint-style: $(READY)
	$(BIN)/ruff check

lint-types: $(READY)
	$(BIN)/mypy

lint-imports: $(READY)
	$(BIN)/lint-imports

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

clean:
	rm -rf $(VENV) build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis \
	  .import_linter_cache
