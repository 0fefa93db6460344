# Everything that people, hooks and CI call. `make help` lists it.
#   PYTHON=…       the Python to build the environment with (3.11 or newer)
#   ARGS=…         passed on: make run ARGS="bel --as-of 2023-12-31" · make test ARGS="tests/test_numbers.py -x"
#   CHROMIUM=…     the browser for the browser tests
#   VNU=…          the Nu HTML checker, a jar

VENV     := .venv
STAMP    := $(VENV)/.stamp
BIN      := $(VENV)/bin
PYTHON   ?=
ARGS     ?=
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name) 2>/dev/null)))
VNU      ?= .vnu/vnu.jar
UV       := uv==0.13.9
PIP      := -m pip -qq --disable-pip-version-check --no-input

export CHROMIUM VNU

# The first of these that runs, is 3.11 or newer, and can make an environment; PYTHON, when given, is the only one tried.
CANDIDATES = $(or $(PYTHON),python3 python3.11 python3.12 python3.13)
SUITABLE   = import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
find_python = found=; for each in $(CANDIDATES); do "$$each" -c "$(SUITABLE)" 2>/dev/null && found=$$each && break; done; \
	test -n "$$found" || { echo "No Python 3.11 or newer with venv among: $(CANDIDATES). Install one (Debian: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3" >&2; exit 1; }

.PHONY: help run check faults run-faults reproduce offline test lint lock clean
.DELETE_ON_ERROR:

help: ## print this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: $(STAMP) ## build the edition: validate, trends, figures, site
	@$(BIN)/python pipeline.py run $(ARGS)

check: $(STAMP) ## check the data alone, every failure at once
	@$(BIN)/python pipeline.py check $(ARGS)

faults: $(STAMP) ## put every fault into the record and count who catches it (writes docs/faults.md; minutes)
	@$(BIN)/python -m bench.campaign $(ARGS)

run-faults: $(STAMP) ## kill, hang and starve runs and see what is left (writes docs/run-faults.md; long)
	@$(BIN)/python -m bench.run_faults $(ARGS)

reproduce: $(STAMP) ## build the edition twice, the second time with everything otherwise, and compare (writes docs/reproduce.md; minutes)
	@$(BIN)/python -m bench.reproduce $(ARGS)

offline: $(STAMP) ## run the whole test suite without a network: in a namespace with no interface but the loopback (Linux)
	@$(BIN)/python -m bench.offline $(MAKE) --no-print-directory test ARGS="$(ARGS)"

test: $(STAMP) ## run the whole test suite
	@lacking=; \
	test -x "$(CHROMIUM)" || lacking="$$lacking chromium (Debian: apt-get install chromium) for the browser tests;"; \
	command -v java >/dev/null || lacking="$$lacking java (Debian: apt-get install default-jre-headless) for the HTML checker;"; \
	test -f "$(VNU)" || lacking="$$lacking $(VNU) (.ci/run fetches it), the HTML checker;"; \
	if [ -n "$$lacking" ]; then \
		echo "Some tests cannot run, for this machine lacks:$${lacking%;}." >&2; \
		if [ "$$CI" = true ]; then exit 1; fi; \
	fi
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

lint: $(STAMP) ## look for mistakes and formatting slips (ruff)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

lock: ## write requirements.lock anew from pyproject.toml (ARGS=--upgrade moves the indirect pins too)
	@$(find_python); tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && \
	"$$found" -m venv "$$tmp/uv" && "$$tmp/uv/bin/python" $(PIP) install $(UV) && \
	UV_PYTHON_DOWNLOADS=never "$$tmp/uv/bin/uv" --quiet --no-config pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--fork-strategy fewest --generate-hashes --no-emit-index-url --custom-compile-command "make lock" $(ARGS) -o requirements.lock

clean: ## remove the environment, the caches and half-built editions (never outputs/ itself)
	@rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis build dist ./*.egg-info outputs/.building*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment is exactly the lock: when the lock changes, it is made anew.
$(STAMP): requirements.lock
	@$(find_python); echo "Setting up $(VENV) from requirements.lock (a minute or two) …"; \
	"$$found" -m venv --clear $(VENV) && $(BIN)/python $(PIP) install --require-hashes -r requirements.lock
	@touch $@
