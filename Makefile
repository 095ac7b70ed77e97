# Two commands do everything on a machine with Python 3.11+ and make:
#   make demo   the whole story on the sample inputs
#   make test   lint, types, import rules and every test
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
ADAPTERS := $(wildcard example_adapters/*/pyproject.toml)

.PHONY: demo test check lint types unit clean

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
	$(BIN)/pyright --pythonpath $(BIN)/python

unit: $(STAMP)
	$(BIN)/pytest -q -n auto

# uv inside the virtual environment halves the installation time; pip does the same where uv has no wheel.
$(STAMP): pyproject.toml $(ADAPTERS)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet \
	  -e '.[all]' $(foreach a,$(ADAPTERS),-e ./$(dir $(a))) --group dev
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
