# make demo | make test: each sets up everything it needs, in .venv
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= $(shell nproc)

.PHONY: demo test fast soak samples system setup docs requirements clean

demo: $(VENV)/run.done
	@$(BIN)/rollcall demo demo-case

test: $(VENV)/dev.done
	$(BIN)/ruff format --check src tests bench
	$(BIN)/ruff check src tests bench
	$(BIN)/mypy
	$(BIN)/python docs/generate.py --check
	$(BIN)/pytest -q -m "not soak" -n $(WORKERS) --dist loadfile --no-loadscope-reorder

fast: $(VENV)/dev.done
	$(BIN)/pytest -q -m "not soak and not case and not browser and not samples" -n $(WORKERS) --dist loadfile --no-loadscope-reorder

soak: $(VENV)/dev.done
ifdef FUZZ
	$(BIN)/python -m tests.fuzz.run --seconds 600 $(FUZZ)
else
	$(BIN)/pytest -q -m soak
	$(BIN)/python -m tests.fuzz.run --seconds 60
endif

# Every real file kept beside the project, in one case; the account is printed.
samples: $(VENV)/run.done
	@$(BIN)/python bench/samples.py

docs: $(VENV)/dev.done
	$(BIN)/python docs/generate.py

# Packages of the system that some tests need: bubblewrap keeps programs apart that read untrusted content; Dovecot is the
# mail server that mailboxes are fetched from; bsdtar and unar unpack archives;
# tesseract reads pages.
system:
	apt-get install -y -q bubblewrap dovecot-imapd libarchive-tools tesseract-ocr unar

setup: $(VENV)/dev.done

$(VENV)/run.done: requirements/run.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.done: $(VENV)/run.done requirements/dev.txt
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# Pins with hashes; needs the tool `uv`.
requirements:
	uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --python-platform x86_64-unknown-linux-gnu pyproject.toml requirements/build.in -o requirements/run.txt
	uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --python-platform x86_64-unknown-linux-gnu -c requirements/run.txt requirements/dev.in -o requirements/dev.txt

clean:
	rm -rf $(VENV) demo-case* samples-case*
