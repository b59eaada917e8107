# Everything a newcomer types. Each target sets up what it needs in .venv; nothing else of the machine is touched.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
EVERY_CORE := --numprocesses auto --dist loadfile

.PHONY: run demo test check bench lock clean

run: $(VENV)/.practice            ## the bot: on Discord with DISCORD_TOKEN, else on the practice page in the browser
	$(BIN)/python -m bot $(ARGS)

demo: $(VENV)/.practice           ## one conversation, printed as text
	$(BIN)/python -m bot --demo

test: $(VENV)/.development        ## the tests
	$(BIN)/python -m pytest $(EVERY_CORE) $(ARGS)

check: $(VENV)/.development       ## format, lint, types, import contracts, content, tests: every failure, not the first
	@status=0; \
	for step in "ruff format --check ." "ruff check ." "mypy" "importlinter" "bot check-content" "pytest $(EVERY_CORE)"; do \
	  echo "--- $$step"; \
	  case "$$step" in \
	    importlinter) $(BIN)/lint-imports || status=1 ;; \
	    *) $(BIN)/python -m $$step || status=1 ;; \
	  esac; \
	done; exit $$status

bench: $(VENV)/.development       ## speeds and sizes, as ratios side by side
	$(BIN)/python -m tests.bench $(ARGS)

lock: $(VENV)/.development        ## pins again, with hashes and without index addresses
	$(PIP) install pip-tools
	for set in "production:" "practice:--extra practice" "development:--extra practice --extra dev"; do \
	  $(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-options \
	    $${set#*:} --output-file requirements/$${set%%:*}.txt pyproject.toml || exit 1; \
	done

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Portside needs Python 3.11 or later; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

# A set of pins, installed. The stamp is renewed when the pins change.
$(VENV)/.%: requirements/%.txt | $(VENV)/bin/python
	$(PIP) install --require-hashes -r $<
	@touch $@
