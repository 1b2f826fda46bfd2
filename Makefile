# make run   set up if needed, run the analyses of config/config.yaml
# make test  set up if needed, run all tests
# make bench measure reading, training, planning and scoring (35 minutes; see benchmarks/README.md)
# make lock  renew requirements.lock and the conda environments from pyproject.toml

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run test lint lock docs bench
.DELETE_ON_ERROR:

run: $(READY)
	$(BIN)/snakemake samples
	$(BIN)/snakemake arrays
	$(BIN)/snakemake

test: $(READY)
	$(BIN)/pytest --numprocesses 2 --dist loadfile tests/workflow tests/unit

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow rules
	$(BIN)/snakemake --lint

bench: $(READY)
	$(BIN)/python benchmarks/reading/bench.py
	$(BIN)/python benchmarks/training/bench.py
	$(BIN)/python benchmarks/planning/bench.py
	$(BIN)/python benchmarks/scoring/bench.py

docs: $(READY)
	$(BIN)/python docs/generate.py

# Bytecode is compiled here once; without it every start of Python takes three times as long.
$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "runsieve needs Python 3.11 or later; name one: make PYTHON=python3.11")'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo 'The venv module of Python is missing; on Debian: apt install python3-venv'; exit 1; }
	@echo 'Installing the packages of requirements.lock into .venv (once; about 2 GB)'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --compile -r requirements.lock
	@touch $@

lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    --no-emit-index-url --no-emit-find-links --group dev pyproject.toml --output-file requirements.lock
	$(BIN)/python docs/generate.py
