# Everything sets up what it needs: a fresh machine needs Python 3.11 or later and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check lint types layers docs masters pictures faults fuzz planted alike bundles bench nation clients clean

demo: $(READY)            ## the whole way on real figures, into output/demo
	rm -rf output/demo
	$(BIN)/sheetflow demo output/demo

test: $(READY)            ## the tests, with branch coverage
	$(BIN)/pytest --cov --cov-report=term --numprocesses=auto

check: lint types layers docs test   ## all quality gates

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY)
	$(BIN)/mypy

layers: $(READY)
	$(BIN)/lint-imports

docs: $(READY)            ## the generated pages are those that the code gives
	$(BIN)/python tools/make_docs.py --check
	$(BIN)/python tools/make_masters.py --check
	$(BIN)/python tools/make_report_template.py --check

masters: $(READY)         ## write the generated pages, blank masters and the Word template anew
	$(BIN)/python tools/make_docs.py
	$(BIN)/python tools/make_masters.py
	$(BIN)/python tools/make_report_template.py

pictures: demo            ## the README's pictures; needs LibreOffice, pdftoppm, CJK fonts
	$(BIN)/python tools/make_pictures.py output/demo

faults: $(READY)          ## kill runs, fail their writes, fill disks: about a quarter of an hour
	PYTHONPATH=tests $(BIN)/python tools/faults.py --rounds 1000 --seed 1

fuzz: $(READY)            ## damage returns of every format; about a quarter of an hour
	$(BIN)/python tools/fuzz.py --count 110000 --seed 20241123

planted: $(READY)         ## plant errors of twenty kinds in clean returns: about two minutes
	$(BIN)/python tools/planted.py --each 100 --seed 1

alike: $(READY)           ## hold the quick reading of returns to the reading cell by cell: ten minutes
	$(BIN)/python tools/alike.py --each 1000 --seed 1

bundles: $(READY)         ## hold county bundles to a flat merge of all returns: about two minutes
	SHEETFLOW_EXAMPLES=1000 $(BIN)/pytest tests/test_bundles_alike.py --hypothesis-seed=1

bench: $(READY)           ## time the work against plain scripts, in turns: about half an hour
	$(BIN)/pip install --quiet "pandas>=2,<4"
	$(BIN)/python tools/bench.py --record

nation: $(READY)          ## merge on 2,000, 20,000 and 150,000 returns: about twenty minutes, 7 GB of disk
	$(BIN)/python tools/nation.py --record

clients: $(READY)         ## returns saved by real programs; tests/fixtures/clients/README.md names them
	PYTHONPATH=tests $(BIN)/python tools/clients/make_clients.py

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[dev]"
	touch $(READY)

clean:
	rm -rf output $(VENV) .mypy_cache .pytest_cache .ruff_cache .coverage
