# Two commands on a fresh machine with Python 3.11+, git and make:
#   make site    sets up and builds the site into output/
#   make test    sets up and passes all checks and tests

PYTHON ?= $(shell sh scripts/find-python)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: site test serve check lock clean

site: $(VENV)/.site
	$(BIN)/invoke build

test: $(VENV)/.test
	$(BIN)/invoke test

serve: $(VENV)/.site
	$(BIN)/invoke serve

check: $(VENV)/.site
	$(BIN)/invoke check

# A virtual environment from the lock file with hashes; renewed when the lock file changes.
$(VENV)/.site: requirements/site.txt
	sh scripts/make-venv $(PYTHON) $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.site
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

# Renew the lock files after a change of requirements/*.in (needs uv: pip install uv).
lock:
	for name in site dask test audit; do \
		uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
			--no-annotate --quiet requirements/$$name.in --output-file requirements/$$name.txt; \
	done

clean:
	rm -rf $(VENV) .cache output
