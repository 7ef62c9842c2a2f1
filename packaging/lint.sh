#!/usr/bin/env bash
# The layer check, clang-tidy and clazy level 1 over everything; arguments narrow the files down:
#   packaging/lint.sh core/base
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

/usr/bin/python3 -B packaging/check_layers.py
[ -f build/dev/build.ninja ] || cmake --preset dev >/dev/null
# The moc output of every target, which the sources include; nothing is compiled.
ninja -C build/dev -t targets all | sed -n 's/^\([^/ ]*_autogen\): phony$/\1/p' |
    xargs ninja -C build/dev --quiet

pattern=${1:-(core|drivers|widgets|app|tests|bench)}
mapfile -t files < <(git ls-files --cached --others --exclude-standard -- '*.cpp' |
    grep -E "^$pattern/" | grep -Ff <(sed -n "s|^ *\"file\": \"$PWD/\(.*\)\",\?$|\1|p" build/dev/compile_commands.json))
[ ${#files[@]} -gt 0 ] || { echo "no compiled source below $pattern" >&2; exit 2; }

failed=0
# GCC's own warning options are no business of clang.
printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n 1 \
    clang-tidy -p build/dev --quiet --extra-arg=-Wno-unknown-warning-option || failed=1
export CLAZY_HEADER_FILTER="$PWD/(core|drivers|widgets|app)/.*"
clazy_checks=level1,no-non-pod-global-static,no-range-loop-reference
printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n 1 \
    clazy-standalone -p build/dev -checks="$clazy_checks" \
    --extra-arg=-Wno-unknown-warning-option --extra-arg=-Werror || failed=1
exit $failed
