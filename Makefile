# One definition of each task. Every target makes .venv when it is missing; nothing but Python and make is needed.
PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -q
# What `make test` installs. CI asks for more: EXTRAS=dev,models,postgres,redis
EXTRAS ?= dev

.PHONY: demo test check fix bench wheel clean

demo: .venv/lean
	.venv/bin/zhanggui demo

test: .venv/with-$(EXTRAS)
	$(PY) -m pytest -n 2 --dist loadfile -m "not browser"
	$(PY) -m pytest -m browser

check: .venv/with-$(EXTRAS)
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(MAKE) test

fix: .venv/with-$(EXTRAS)
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: .venv/with-$(EXTRAS),bench
	$(PY) -m tests.benchmarks $(ONLY)

wheel: .venv/with-$(EXTRAS)
	$(PIP) wheel --no-deps --wheel-dir dist .

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, this is " + sys.version)'
	$(PYTHON) -m venv .venv

.venv/lean: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e .
	@touch $@

.venv/with-%: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e '.[$*]'
	@touch $@

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
