#!/bin/sh
# Makes docs/report.png again: the report of a sample, as a phone shows it. Needs chromium and a built program (./try.sh).
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${CARGO_TARGET_DIR:-target}/release/formcheck" analyze samples/deadlift_one_rounded.mp4 --out "$work/report" --quiet --no-history >/dev/null
# 390 px wide, down to the tiles of the reps, two pixels for one
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=390,1240 --force-device-scale-factor=2 \
    --virtual-time-budget=3000 --screenshot="$PWD/docs/report.png" "file://$work/report/report.html" 2>/dev/null
