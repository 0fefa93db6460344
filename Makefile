# Everything that people, hooks and CI call. `make help` lists it.
#   PYTHON=…       the Python to build the environment with (3.11 or newer)
#   ARGS=…         passed on: make run ARGS="bel --as-of 2023-12-31" · make test ARGS="tests/test_numbers.py -x"
#   CHROMIUM=…     the browser for the browser tests
#   VNU=…          the Nu HTML checker, a jar

VENV     := .venv
STAMP    := $(VENV)/.stamp
BENCH    := .venv-bench
BIN      := $(VENV)/bin
PYTHON   ?=
ARGS     ?=
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name) 2>/dev/null)))
VNU      ?= .vnu/vnu.jar
UV       := uv==0.13.9
CYCLONEDX := cyclonedx-bom==7.5.0
PIP      := -m pip -qq --disable-pip-version-check --no-input

export CHROMIUM VNU

# The first of these that runs, is 3.11 or newer, and can make an environment; PYTHON, when given, is the only one tried.
CANDIDATES = $(or $(PYTHON),python3 python3.11 python3.12 python3.13)
SUITABLE   = import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
find_python = found=; for each in $(CANDIDATES); do "$$each" -c "$(SUITABLE)" 2>/dev/null && found=$$each && break; done; \
	test -n "$$found" || { echo "No Python 3.11 or newer with venv among: $(CANDIDATES). Install one (Debian: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3" >&2; exit 1; }

.PHONY: help run check regenerate accept bundle drafts faults run-faults kernels bench steps reproduce scale cluster-faults offline test test-all lint lock pictures sbom newest clean
.DELETE_ON_ERROR:

help: ## print this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: $(STAMP) ## build the edition: validate, trends, figures, site
	@$(BIN)/python pipeline.py run $(ARGS)

check: $(STAMP) ## check the data alone, every failure at once
	@$(BIN)/python pipeline.py check $(ARGS)

regenerate: $(STAMP) ## build every edition aside and compare it with the one in outputs/: which bytes moved, and why
	@aside=$$(mktemp -d) && trap 'rm -rf "$$aside"' EXIT && $(BIN)/python pipeline.py run --force --output "$$aside" && \
	failed=0; for edition in "$$aside"/*; do $(BIN)/python pipeline.py diff "outputs/$${edition##*/}" "$$edition" --files || failed=1; done; exit $$failed

accept: $(STAMP) ## build every edition anew, and commit outputs/ with what moved, and why, as the message
	@aside=$$(mktemp -d) && trap 'rm -rf "$$aside"' EXIT && cp -r outputs "$$aside" && $(BIN)/python pipeline.py run --force && \
	{ echo "The edition, as this code and these data build it"; for edition in outputs/*; do echo; $(BIN)/python pipeline.py diff "$$aside/$$edition" "$$edition" --files || true; done; } > "$$aside/message" && \
	cat "$$aside/message" && git add outputs && git commit --quiet --file "$$aside/message"

bundle: $(STAMP) ## put the edition into dist/, in one archive with all that it was made from
	@$(BIN)/python pipeline.py bundle $(ARGS)

drafts: $(STAMP) ## leave out each document, draft it, and hold the drafts against what people keyed (writes docs/drafts.md)
	@$(BIN)/python -m bench.drafts $(ARGS)

faults: $(STAMP) ## put every fault into the record and count who catches it (writes docs/faults.md; minutes)
	@$(BIN)/python -m bench.campaign $(ARGS)

run-faults: $(STAMP) ## kill, hang and starve runs and see what is left (writes docs/run-faults.md; long)
	@$(BIN)/python -m bench.run_faults $(ARGS)

kernels: $(STAMP) ## measure forked and plain kernels side by side (writes docs/kernels.md; minutes)
	@$(BIN)/python -m bench.kernels --write docs/kernels.md $(ARGS)

bench: $(BENCH)/.stamp ## measure an edition, ours and with other tools, side by side (writes docs/benchmark.md; long)
	@$(BENCH)/bin/python -m bench.speed $(ARGS)

steps: $(STAMP) ## make each kind of change and see which steps run and whether any byte differs (writes docs/steps.md; long)
	@$(BIN)/python -m bench.steps $(ARGS)

reproduce: $(STAMP) ## build the edition twice, the second time with everything otherwise, and compare (writes docs/reproduce.md; minutes)
	@$(BIN)/python -m bench.reproduce $(ARGS)

scale: $(STAMP) ## measure how time and memory grow with documents, rows and countries (writes docs/scale.md; minutes)
	@$(BIN)/python -m bench.scale $(ARGS)

cluster-faults: $(STAMP) ## build editions on a Dask cluster of this machine: lost workers, a lost scheduler, kernels and all (minutes)
	@CAMPAIGN=all $(BIN)/python -m pytest tests/cluster -n 0 $(ARGS)

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
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-all: ## run the whole test suite, and all of what it has a sample of (long)
	@CAMPAIGN=all $(MAKE) --no-print-directory test ARGS="$(ARGS)"

lint: $(STAMP) ## look for mistakes and formatting slips (ruff)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

# Snakemake wants an older packaging than the pipeline has; in the rivals' environment it gets it, and docs/benchmark.md says so.
lock: ## write requirements.lock and bench/requirements.lock anew from the pins (ARGS=--upgrade moves the indirect pins too)
	@$(find_python); tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && \
	"$$found" -m venv "$$tmp/uv" && "$$tmp/uv/bin/python" $(PIP) install $(UV) && \
	compile='--quiet --no-config pip compile --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-emit-index-url' && \
	export UV_PYTHON_DOWNLOADS=never && \
	"$$tmp/uv/bin/uv" $$compile pyproject.toml --extra dev --custom-compile-command "make lock" $(ARGS) -o requirements.lock && \
	sed -n '/^packaging==/d; s/^\([a-z].*\) \\$$/\1/p' requirements.lock > "$$tmp/pipeline.txt" && \
	"$$tmp/uv/bin/uv" $$compile pyproject.toml bench/requirements.in --constraint "$$tmp/pipeline.txt" --no-annotate \
		--custom-compile-command "make lock" $(ARGS) -o bench/requirements.lock

pictures: $(STAMP) ## take the pictures of docs/new-year.md anew, of the real pages with an invented report (a minute or two)
	@$(BIN)/python -m tests.pictures

sbom: $(STAMP) ## write the software bill of materials, sbom.cdx.json, from requirements.lock
	@$(find_python); tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && \
	"$$found" -m venv "$$tmp/tool" && "$$tmp/tool/bin/python" $(PIP) install $(CYCLONEDX) && \
	made="--pyproject pyproject.toml --spec-version 1.6 --output-reproducible" && \
	export PYTHONWARNINGS=ignore && \
	"$$tmp/tool/bin/cyclonedx-py" requirements $$made -o "$$tmp/lock.json" requirements.lock && \
	"$$tmp/tool/bin/cyclonedx-py" environment $$made -o "$$tmp/environment.json" $(BIN)/python && \
	$(BIN)/python -m bench.materials "$$tmp/lock.json" "$$tmp/environment.json"

newest: $(STAMP) ## try the newest version of every pin and tell which bytes would change (minutes; changes nothing)
	@$(BIN)/python -m bench.newest $(ARGS)

clean: ## remove the environment, the caches and half-built editions (never outputs/ itself)
	@rm -rf $(VENV) $(BENCH) .pytest_cache .ruff_cache .hypothesis .steps build dist ./*.egg-info outputs/.building*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment is exactly the lock: when the lock changes, it is made anew.
$(STAMP): requirements.lock
	@$(find_python); echo "Setting up $(VENV) from requirements.lock (a minute or two) …"; \
	"$$found" -m venv --clear $(VENV) && $(BIN)/python $(PIP) install --require-hashes -r requirements.lock
	@touch $@

# The rivals of make bench are in an environment of their own, with the pipeline's pins.
$(BENCH)/.stamp: bench/requirements.lock
	@$(find_python); echo "Setting up $(BENCH) from bench/requirements.lock (a minute or two) …"; \
	"$$found" -m venv --clear $(BENCH) && $(BENCH)/bin/python $(PIP) install --require-hashes -r bench/requirements.lock
	@touch $@
