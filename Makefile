# The two commands that matter: `make scan DIR=path` and `make test`. Everything is built below build/.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help scan test build setup bench bench-docs bench-check bench-reference lint format docs facts install clean

# What to scan, and how to build it (see CMakePresets.json).
DIR = testdata/example
ARGS =
# How often, and on what, `make bench` runs the whole program.
RUNS = 15
BENCH_DIRS =
PRESET = default
BUILD = build/$(PRESET)
PREFIX = /usr/local

# A person sees the progress, a log only what went wrong.
NINJA = if [ -t 1 ]; then ninja -C $(BUILD) $(1); else ninja --quiet -C $(BUILD) $(1) > $(BUILD)/build.log 2>&1 || \
  { cat $(BUILD)/build.log; exit 1; }; fi

help:
	@echo 'make scan [DIR=path]   build gabion and scan a directory (the bundled example by default)'
	@echo 'make test              build everything and run all tests'
	@echo 'make build             build the program: $(BUILD)/gabion'
	@echo 'make install           install it below PREFIX (default /usr/local)'
	@echo 'make bench [RUNS=n BENCH_DIRS=paths]   time and memory of the parts and of the whole program'
	@echo 'make bench-docs        measure how time and memory grow, and write docs/growth.json and docs/growth.svg'
	@echo 'make bench-check       fail when a run takes a tenth more instructions than bench/reference.tsv says'
	@echo 'make bench-reference   write bench/reference.tsv anew'
	@echo 'make lint              clang-tidy on every source file'
	@echo 'make format            clang-format on every source file'
	@echo 'make docs              write the generated pages of docs/'
	@echo 'make facts             refresh the facts about AWS and encodings (needs python3, npm and terraform)'
	@echo 'make clean             remove build/'
	@echo
	@echo 'On Debian, missing packages are installed first. ARGS= adds arguments to the scan.'

# Findings (exit 1) are a result, not a failure of make; wrong usage (2) and an incomplete scan (3) are failures.
scan: build
	@$(BUILD)/gabion scan $(ARGS) "$(DIR)" || { status=$$?; [ $$status -eq 1 ] || exit $$status; }

test: $(BUILD)/build.ninja
	@cmake/setup-debian.sh test
	@cmake/setup-clients.sh $(BUILD)/clients
	@echo 'Building everything in $(BUILD)'
	@$(call NINJA,all)
	@ctest --test-dir $(BUILD) --no-tests=error --output-on-failure -j2; status=$$?; \
	  tests/skipped.sh $(BUILD); exit $$status

build: $(BUILD)/build.ninja
	@[ -x $(BUILD)/gabion ] || echo 'Building gabion in $(BUILD): the first time takes a few minutes'
	@$(call NINJA,gabion)

install: build
	@cmake --install $(BUILD) --strip --prefix "$(PREFIX)"

bench: BUILD = build/bench
bench:
	@cmake/setup-debian.sh bench
	@cmake --preset bench --log-level=WARNING > /dev/null
	@$(call NINJA,all)
	@$(BUILD)/bench/micro --benchmark_min_time=0.2
	@$(BUILD)/bench/stages --benchmark_min_time=0.2
	@$(BUILD)/bench/whole_process $(BUILD)/gabion $(BUILD)/bench/floor $(RUNS) $(BENCH_DIRS)
	@$(BUILD)/bench/scaling $(BUILD)/gabion $(BUILD)/bench/floor
	@$(BUILD)/bench/lsp $(BUILD)/gabion
	@$(BUILD)/bench/hook $(BUILD)/gabion
	@$(BUILD)/bench/cache $(BUILD)/gabion

# How time and memory grow, with docs/growth.json and docs/growth.svg.
bench-docs: BUILD = build/bench
bench-docs:
	@cmake/setup-debian.sh bench
	@cmake --preset bench --log-level=WARNING > /dev/null
	@$(call NINJA,all)
	@$(BUILD)/bench/scaling $(BUILD)/gabion $(BUILD)/bench/floor 5 docs

# Instructions instead of seconds, compared with those of bench/reference.tsv.
bench-check bench-reference: BUILD = build/bench
bench-check bench-reference:
	@cmake/setup-debian.sh bench
	@cmake --preset bench --log-level=WARNING > /dev/null
	@$(call NINJA,all)
	@$(BUILD)/bench/instructions $(BUILD)/gabion $(BUILD)/bench/floor bench/reference.tsv \
	  $(if $(filter bench-reference,$@),--update)

lint: BUILD = build/lint
lint:
	@cmake/setup-debian.sh lint
	@cmake --preset lint --log-level=WARNING > /dev/null
	@$(call NINJA,all)
	@echo 'clang-tidy has nothing to say'

format:
	@cmake/setup-debian.sh lint
	@find analyzer tests bench \( -name '*.h' -o -name '*.cpp' \) -print0 | xargs -0 clang-format -i

docs: build
	@mkdir -p docs/rules
	@$(BUILD)/gabion docs docs

facts:
	@python3 analyzer/aws/facts/update.py
	@python3 analyzer/aws/facts/provider_update.py
	@python3 analyzer/eval/facts/code_pages_update.py

clean:
	@rm -rf build

setup:
	@cmake/setup-debian.sh

$(BUILD)/build.ninja: CMakePresets.json | setup
	@cmake --preset $(PRESET) --log-level=WARNING > /dev/null
