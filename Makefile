# make run    start the app, in a virtual environment of its own; it prints its address
# make test   everything: ruff, mypy and all tests, those in a browser too
# make check  ruff, mypy and the tests that need no browser
# make bench  how fast it is, as ratios in one run
# make clean  remove what the others made

PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input install --quiet
BROWSERS := chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable

.DEFAULT_GOAL := run
.PHONY: run test check bench clean lint chromium

run: .venv/.run-stamp
	@exec $(PY) -m streamlit run app.py

test: .venv/.dev-stamp
	@$(MAKE) --no-print-directory -j 2 chromium lint
	@$(PY) -m pytest -n 2 --dist loadgroup

check: .venv/.dev-stamp lint
	@$(PY) -m pytest -n 2 --dist loadgroup --ignore tests/browser

bench: .venv/.dev-stamp
	@$(PY) -m benchmarks.run

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

lint: .venv/.dev-stamp
	@$(PY) -m ruff check .
	@$(PY) -m mypy

# The tests in a browser drive a Chromium: the one CHROMIUM names, else one on the PATH; its headless shell is lightest.
chromium:
	@if [ -n "$${CHROMIUM:-}" ]; then exit 0; fi; \
	for name in $(BROWSERS); do if command -v "$$name" >/dev/null; then exit 0; fi; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null; \
	else \
		echo "The tests need a browser: install Chromium or Chrome, or name one with CHROMIUM=/path/to/it make test." >&2; \
		exit 1; \
	fi

# Each stamp is younger than the requirements it stands for, or they are installed again.
.venv/.run-stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Another: make PYTHON=python3.12")'
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv
	@echo "Installing what requirements.txt lists; the first time takes a few minutes"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.dev-stamp: .venv/.run-stamp requirements-dev.txt
	@echo "Installing what requirements-dev.txt lists"
	@$(PIP) -r requirements-dev.txt
	@touch $@
