# Two commands do everything on a machine with Python 3.11+ and make:
#   make demo   the whole story on the sample inputs
#   make test   lint, types, import rules and every test
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
ADAPTERS := $(wildcard example_adapters/*/pyproject.toml)

.PHONY: demo test test-worker test-spark bench bench-growth bench-spark fuzz check lint types unit clean

demo: $(STAMP)
	$(BIN)/saascore demo

test: check unit

check: lint types

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo

types: $(STAMP)
	$(BIN)/mypy
	$(BIN)/mypy $(wildcard example_adapters/*/src)
	$(BIN)/pyright --pythonpath $(BIN)/python saascore $(wildcard example_adapters/*/src)

unit: $(STAMP) tests/node/node_modules/.package-lock.json
	$(BIN)/pytest -q -n auto

# Cases for the scanner without end, a hundred thousand at a time: make fuzz CASES=1000000
CASES ?= 100000
fuzz: $(STAMP)
	$(BIN)/python benchmarks/scanner/fuzz.py $(CASES)

# The same bytes from Apache Spark, with executors of their own; needs Java 17 or newer. PySpark is large, so it has an
# environment of its own.
test-spark: $(STAMP)
ifeq ($(shell command -v java),)
	@echo "test-spark is skipped: it needs Java 17 or newer, and there is no java here" >&2
else
	test -x $(VENV)/spark/bin/python || $(PYTHON) -m venv $(VENV)/spark
	VIRTUAL_ENV=$(CURDIR)/$(VENV)/spark $(BIN)/uv pip install --quiet -e '.[spark]' pytest hypothesis
	$(VENV)/spark/bin/python -m pytest -q -p no:cacheprovider tests/engines/test_spark.py
endif

# Every benchmark beside its limits and peers, in turns, and one table; each peer has an environment of its own.
bench: $(STAMP)
	$(BIN)/python benchmarks/run.py --out benchmarks/RESULTS.md

bench-growth: $(STAMP)
	$(BIN)/python benchmarks/growth.py --rows 100000 1000000 10000000 --store 100000 1000000

bench-spark: $(STAMP)
	$(BIN)/python -c 'import sys; sys.path.insert(0, "benchmarks"); from environments import python_of; python_of("spark")'
	$(VENV)/bench-spark/bin/python benchmarks/spark.py

# Test tools only: ajv and the TypeScript compiler; without npm the tests that need them are skipped and say so.
tests/node/node_modules/.package-lock.json: tests/node/package-lock.json
	if command -v npm >/dev/null; then cd tests/node && npm ci --silent --no-audit --no-fund; fi

# The pure core under Pyodide, the runtime of Cloudflare Python Workers, and its whole way through a local D1 and R2;
# needs Node 20 and npm. What pip is told here is what a Python Worker's packages are chosen by.
WORKER_SITE  := $(VENV)/worker-site
WORKER_TESTS := tests/contract tests/hookspecs tests/adapters tests/privacy tests/entitlements \
  $(addprefix tests/usage/test_,submit.py corrections.py runs.py summary.py) $(addprefix tests/packet/test_,report.py packet.py)
test-worker: $(STAMP)
ifeq ($(and $(shell command -v node),$(shell command -v npm)),)
	@echo "test-worker is skipped: it needs Node 20 or newer and npm, and one of them is missing here" >&2
else
	cd worker && npm ci --silent --no-audit --no-fund
	rm -rf $(WORKER_SITE) && mkdir -p $(WORKER_SITE)
	for part in . $(dir $(ADAPTERS)); do $(BIN)/uv build --quiet --wheel --out-dir $(WORKER_SITE)/dist $$part || exit 1; done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --target $(WORKER_SITE)/site \
	  --platform pyemscripten_2026_0_wasm32 --python-version 314 --implementation cp --abi cp314 \
	  --only-binary=:all: $(WORKER_SITE)/dist/*.whl pytest hypothesis tzdata
	cd worker && node --wasm-lazy-compilation end-to-end.mjs $(CURDIR)/$(WORKER_SITE)/site $(CURDIR) $(CURDIR)/$(BIN)
	cd worker && node --wasm-lazy-compilation pure-core.mjs $(CURDIR)/$(WORKER_SITE)/site $(CURDIR) $(WORKER_TESTS)
endif

# uv inside the virtual environment halves the installation time; pip does the same where uv has no wheel.
$(STAMP): pyproject.toml $(ADAPTERS)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet \
	  -e '.[all]' $(foreach a,$(ADAPTERS),-e ./$(dir $(a))) --group dev
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
