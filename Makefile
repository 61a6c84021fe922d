# `make demo` and `make test` do all the set-up: they need python3 (3.11 or later), make, and nothing else.

PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Installs a Debian package where that can be done; the caller says what to do otherwise.
debian = { echo "Installing $(1)…"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(1) >/dev/null; }

export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo parts test long writers endurance peers bench bench-france lint schemas docs messages lock clean

demo: $(READY)
	@$(BIN)/fse demo

# What the tests work with, as a practice does: openssl judges our signatures, SoftHSM2 is the card, Postfix and Dovecot
# are the mail, Pango lays the duplicate out and Poppler reads it. Without them the tests that need them are skipped, with
# the reason; in CI they fail.
PARTS := openssl softhsm2 opensc postfix dovecot-core dovecot-pop3d dovecot-lmtpd libpango-1.0-0 libpangoft2-1.0-0 \
	libharfbuzz-subset0 fonts-dejavu-core poppler-utils systemd chromium

parts:
	@dpkg-query --show $(PARTS) >/dev/null 2>&1 || { \
		echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections && \
		$(call debian,$(PARTS)); } || \
		echo "Not installed, so that some tests will be skipped: one of $(PARTS)" >&2

test: $(READY) parts
	@$(BIN)/python -m pytest -q -n auto

# What `make test` leaves out for the sake of time; CI runs both.
long: $(READY) parts
	@$(BIN)/python -m pytest -q -n auto -m long

# Eight writers in one PostgreSQL journal, killed at random for a minute.
writers: $(READY)
	@WRITERS_SECONDS=60 $(BIN)/python -m pytest -q -n 0 tests/infra/journal/test_postgresql_writers.py

# The long lanes: each fuzz target for FUZZ_RUNS inputs, the tests that try more under ENDURANCE=1, and the engine tests on
# a Spark of the JVM, in an environment of its own.
FUZZ_RUNS ?= 1000000
FUZZ_SEED ?= 1

endurance: $(READY)
	$(BIN)/python -m tests.fuzz.endurance --runs $(FUZZ_RUNS) --seed $(FUZZ_SEED)
	ENDURANCE=1 $(BIN)/python -m pytest -q -n auto --timeout=7200 tests/fuzz tests/norm tests/domain/reconciliation
	ENDURANCE=1 $(BIN)/python -m pytest -q -n 0 --timeout=7200 tests/infra/journal/test_postgresql_writers.py
	ENDURANCE=1 $(BIN)/python -m pytest -q -n 2 -m long --timeout=7200 tests/app/transmission tests/app/nightly \
		tests/app/test_kill_reception.py tests/app/test_kill_emission.py tests/app/duplicata tests/app/transmission_delays tests/app/actes
	ENDURANCE=1 $(BIN)/python -m pytest -q -n auto -m "long or not long" --timeout=7200 tests/domain/bank tests/app/bank
	@command -v java >/dev/null || $(call debian,openjdk-17-jre-headless) || { echo "JVM Spark needs Java 17." >&2; exit 1; }
	$(BIN)/python -m tests.infra.engines.jvm_spark

# What fse is compared with, each in an environment of its own under build/peers; made once, one that fails is told.
peers: $(READY)
	@$(BIN)/python -m benchmarks.peers.installing

# Every measurement, as ratios in one run: about four minutes on two cores, alone. BENCH="reading --rounds 15": a part of it.
bench: $(READY) peers
	@$(BIN)/python -m benchmarks $(BENCH)

# A working day of the whole country, then the cost of an invoice from 10 000 to 5 million: some nine minutes, alone,
# and 12 GB of disk. FRANCE="--dossier D": elsewhere than in the temporary folder.
bench-france: $(READY)
	@$(BIN)/python -m benchmarks.france $(FRANCE)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry fse

schemas: $(READY)
	$(BIN)/python -m fse.norm.codec.xml.xsd > schemas/xsd/factures.xsd.new
	mv schemas/xsd/factures.xsd.new schemas/xsd/factures.xsd
	$(BIN)/python -m fse.norm.codec.json.schema > schemas/json/factures.schema.json.new
	mv schemas/json/factures.schema.json.new schemas/json/factures.schema.json

docs: $(READY)
	$(BIN)/python -m docs.generator

messages: $(READY)
	$(BIN)/pybabel -q compile --domain fse --directory fse/app/cli/locale

# Keeps the versions that lock.txt already has; `make lock LOCK=--upgrade` takes the newest.
lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --all-extras --group dev --generate-hashes \
		--no-annotate --custom-compile-command "make lock" --quiet --output-file lock.txt $(LOCK)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The virtual environment is always made anew, so one that was half made or moved cannot stay. .venv/.ready closes it.
$(READY): lock.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "fse needs Python 3.11 or later, and $(PYTHON) is not installed." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "fse needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version). Another: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(call debian,python3-venv) || \
		{ echo "$(PYTHON) has no venv module. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) (once)…"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r lock.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@
