# Each target is a line or two; `make demo` and `make test` are all a newcomer needs.
PYTHON ?= python3
BIN    := .venv/bin
ARGS   ?=

.PHONY: setup demo test check drills postgres bench screenshots docs pyz clean

setup:            ## everything the demo needs: virtual environment, tools, front-end assets, translations
	@sh deploy/setup.sh demo

setup-test:       ## and what the tests need: PostgreSQL, Chromium
	@sh deploy/setup.sh test

demo: setup       ## a demo site at http://localhost:8300 (ARGS=--check plays a week, verifies it and exits)
	@$(BIN)/python -m showground demo $(ARGS)

test: setup-test  ## every rule once
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: setup-test ## floors, types, style
	@$(BIN)/ruff check . && $(BIN)/lint-imports && $(BIN)/mypy

drills: setup-test ## the big counts, by hand, results under bench/results/
	@$(BIN)/python -m pytest --drill -m drill $(ARGS)

postgres: setup-test ## the rooms once more on PostgreSQL, by hand
	@$(BIN)/python -m pytest -n 2 --dist loadfile --postgres --ignore tests/journeys -m "not browser" $(ARGS)

bench: setup-test ## quiet machine; baselines in the same run
	@$(BIN)/python -m bench.intake $(ARGS)

screenshots: setup-test ## the pages as pictures, under docs/pictures/ (the set "demo" needs a running demo)
	@$(BIN)/python -m tests.harness.screenshots $(ARGS)

docs: setup       ## the generated reference
	@$(BIN)/python -m docs.generate

pyz:              ## the stand-alone verifier, dist/showground-verify.pyz
	@$(PYTHON) -m showground.verify.pyz dist/showground-verify.pyz
