#!/bin/sh
# Deletes what a running node never reads: types, source maps, pages. Arguments: the folders.
set -eu
# typed-ocpp loads date-fns (28 MB) with its main file only; Evenkeel loads the schemas of typed-ocpp and nothing else of it.
for folder in "$@"; do
  rm -rf "$folder/date-fns" "$folder/@types" "$folder/.bin"
  find "$folder" -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' -o -iname '*.md' -o -iname '*.markdown' \) -delete
  find "$folder" -type d \( -name test -o -name tests -o -name __tests__ -o -name benchmark -o -name benchmarks -o -name examples -o -name .github \) -prune -exec rm -rf {} +
done
