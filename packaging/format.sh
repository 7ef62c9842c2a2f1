#!/usr/bin/env bash
# clang-format over every source that git knows; --check changes nothing and fails on a difference.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

mode=(-i)
if [ "${1:-}" = --check ]; then mode=(--dry-run --Werror); shift; fi
[ $# -eq 0 ] || { echo "usage: packaging/format.sh [--check]" >&2; exit 2; }
git ls-files -z --cached --others --exclude-standard -- '*.h' '*.cpp' |
    xargs -0 -r -P "$(nproc)" -n 16 clang-format "${mode[@]}"
