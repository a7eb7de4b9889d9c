# Every target that has a ## comment is listed by `make`.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PACKAGE ?=
SERVICES ?=
# Tests of real clusters mostly wait for daemons: two lanes of them fit two cores.
LANES ?= 2
STAMP := var/setup.stamp
# Where bytecode is not kept, each console and worker that is started compiles all of Minos anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo demo-stop test lint docs pictures packages assets dist install-test soak bench clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv with everything in it

$(STAMP): setup.py pyproject.toml package-lock.json constraints.txt
	@mkdir -p var
	@$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed"'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "bringing all that is needed into .venv: a few minutes the first time"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[server,test]'
	@touch $@

assets: setup ## rebuild static/dist when its sources are newer
	@$(BIN)/python build_assets.py

demo: setup assets ## console, three workers and a real ZooKeeper ensemble, left running (SERVICES="zookeeper hdfs yarn hbase kafka storm flink" for more, PACKAGE=path for your own tarball)
	@$(BIN)/python demo/run.py $(if $(SERVICES),--services '$(SERVICES)') $(if $(PACKAGE),--package '$(PACKAGE)')

demo-stop: ## stop what make demo started, and its ensemble
	@$(BIN)/python demo/stop.py

packages: setup ## assemble the real packages that demo and tests use
	@for name in zookeeper hadoop hbase kafka flink apache-storm opentsdb; do $(BIN)/python packages/assemble.py $$name || exit 1; done

lint: setup ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: setup ## the site of the documentation, in var/site; a warning is an error
	$(BIN)/properdocs build --strict --config-file mkdocs.yml
	@echo "open var/site/index.html"

pictures: setup assets ## the pictures of the documentation taken anew, from a console with a made-up site
	$(BIN)/python -m benchmarks.pictures

test: setup assets ## every check and every test
	@tests/needs.sh
	@$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n $(LANES) --no-loadscope-reorder $(PYTEST_ARGS)

dist: setup assets ## wheel and sdist of the console and the worker's wheel, into dist/: the same bytes at every build
	@$(BIN)/python -W ignore build_dist.py

install-test: dist ## three machines set up as docs/production.md says, from dist/ and PyPI alone: 10 minutes, root and network
	@tests/needs.sh
	MINOS_INSTALL=1 $(BIN)/pytest -s tests/install $(PYTEST_ARGS)

soak: setup assets ## the fault suite in its long form: hours, not for CI
	@tests/needs.sh
	MINOS_SOAK=1 $(BIN)/pytest -s tests/whole/test_worker_deaths.py tests/whole/test_worker_upgrades.py tests/whole/test_bad_lines.py tests/whole/test_hdfs.py tests/whole/test_figures_kept.py tests/whole/test_takeover.py tests/minos_web/views/api/test_every_operation.py tests/minos_web/views/test_hostile_texts.py tests/browser/test_hostile_texts.py tests/browser/test_pages.py tests/browser/test_keyboard_run.py $(PYTEST_ARGS)

bench: setup ## many workers, plans, packages, charts, samples, OpenTSDB, alerts, pages, a worker beside supervisord, into docs/performance.md: about an hour (BENCH_ARGS='--passes 1' for less)
	$(BIN)/python -m benchmarks.many --hosts 1000 --json var/bench/many-1000.json
	$(BIN)/python -m benchmarks.many --hosts 5000 --fan-out 5000 --times 3 --quiet 0 --no-wide --json var/bench/many-5000.json
	$(BIN)/python -m benchmarks.plan --json var/bench/plan.json
	$(BIN)/python -m benchmarks.starting --json var/bench/starting.json
	$(BIN)/python -m benchmarks.packages --json var/bench/packages.json
	$(BIN)/python -m benchmarks.samples --json var/bench/samples.json
	$(BIN)/python -m benchmarks.opentsdb --json var/bench/opentsdb.json
	$(BIN)/python -m benchmarks.charts --json var/bench/charts.json
	$(BIN)/python -m benchmarks.alerts --json var/bench/alerts.json
	$(BIN)/python -m benchmarks.pages --json var/bench/pages.json
	$(BIN)/python -m benchmarks.footprint $(BENCH_ARGS)
	$(BIN)/python -m benchmarks.report

clean: ## remove what was built (not var/)
	rm -rf build dist static/dist node_modules *.egg-info .mypy_cache .ruff_cache .pytest_cache
