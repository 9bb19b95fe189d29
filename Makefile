# `make app` serves the app and `make test` runs every check; both work in a fresh clone with Python 3.11 or newer.

PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
INSTALLED = $(VENV)/.installed
LOCK = requirements.lock.txt
LOCK_VENV = .venv-lock

.PHONY: help setup app test soak lock format browser
.NOTPARALLEL:

help:
	@echo "make app     serve the app (installs what it needs into $(VENV) first)"
	@echo "make test    run every check: style, types, layers, rules, catalogue, tests"
	@echo "make soak    run the long tests"
	@echo "make setup   only install"
	@echo "make format  put the code into house style"
	@echo "make lock    rewrite $(LOCK) from pyproject.toml; upgrade=1 takes newer versions"

setup: $(INSTALLED)
	@echo "Ready: $(BIN)/advisor"

$(INSTALLED): $(LOCK) pyproject.toml
	@$(new_enough); if ! fits $(BIN)/python; then \
	    command -v $(PYTHON) >/dev/null 2>&1 || { echo "There is no $(PYTHON). Install Python 3.11 or newer." >&2; exit 1; }; \
	    fits $(PYTHON) || { echo "The advisor needs Python 3.11 or newer with pip and venv; $(PYTHON) is $$($(PYTHON) -V 2>&1)." >&2; \
	        echo "Install it (on Debian and Ubuntu also python3-venv), or name another one: make setup PYTHON=python3.12" >&2; exit 1; }; \
	    echo "Making $(VENV) with $$($(PYTHON) -V)"; $(PYTHON) -m venv --clear $(VENV); \
	fi
	@echo "Installing the locked packages into $(VENV): a minute or two the first time"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(INSTALLED)

new_enough = fits() { "$$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

app: setup
	@$(BIN)/advisor app

test: setup browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/advisor rules check
	$(BIN)/advisor rules test
	$(BIN)/advisor rules coverage >/dev/null
	$(BIN)/advisor rules mutate >/dev/null
	$(BIN)/advisor rules prove
	$(BIN)/advisor catalogue check
	$(BIN)/pytest -n 2

soak: setup browser
	@echo "Every proof on every date on which a rule changes"
	@$(BIN)/advisor rules prove --all-dates
	@echo "The long tests (pytest -m soak), without the limit of 120 seconds a test"
	@$(BIN)/pytest -m soak --timeout=0 || { status=$$?; [ $$status -eq 5 ] && echo "There is no long test yet."; }

# The browser journey drives Chromium or Chrome. Debian's and Ubuntu's packages are installed where there is none.
browser:
	@has() { command -v "$$1" >/dev/null 2>&1; }; \
	if has chromium || has chromium-browser || has google-chrome; then exit 0; fi; \
	as_root=; \
	if [ "$$(id -u)" -ne 0 ]; then as_root="sudo -n"; fi; \
	if [ -f /etc/debian_version ] && has apt-get && { [ -z "$$as_root" ] || { has sudo && sudo -n true 2>/dev/null; }; }; then \
	    echo "Installing Chromium for the browser journey"; \
	    $$as_root apt-get update -qq \
	        && $$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium chromium-driver >/dev/null; \
	fi; \
	if has chromium || has chromium-browser || has google-chrome; then exit 0; fi; \
	echo "The tests need a browser, and neither chromium, chromium-browser nor google-chrome is on the PATH." >&2; \
	echo "Install one: Debian, Ubuntu: apt-get install chromium chromium-driver; Fedora: dnf install chromium chromedriver;" >&2; \
	echo "macOS: brew install --cask google-chrome, then put a command google-chrome on the PATH. Then run make again." >&2; \
	exit 1

lock:
	@[ -x $(LOCK_VENV)/bin/pip-compile ] || { $(PYTHON) -m venv --clear $(LOCK_VENV) \
	    && $(LOCK_VENV)/bin/python -m pip install -qq --disable-pip-version-check "pip-tools>=7.6,<8"; }
	@echo "Resolving $(LOCK): a minute or two"
	@CUSTOM_COMPILE_COMMAND="make lock" $(LOCK_VENV)/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --extra proofs --extra test $(if $(upgrade),--upgrade) \
	    --output-file $(LOCK) pyproject.toml
	@echo "Wrote $(LOCK)"

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
