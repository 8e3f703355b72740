#!/bin/sh
# From nothing to a report: installs what is missing, builds, and measures a clip.
#   ./try.sh [CLIP]        default: the first clip in samples/
set -eu
diary=--no-history              # a sample is nobody's session
if [ $# -gt 0 ]; then
    clip=$(realpath "$1")
    diary=
fi
cd "$(dirname "$0")"
scripts/setup.sh
echo "try: building (the first time takes a few minutes)"
cargo build --release --locked
: "${clip:=$(find samples -name '*.mp4' | sort | head -n 1)}"
[ -n "$clip" ] || { echo "try: there is no clip in samples/" >&2; exit 1; }
echo "try: measuring $clip"
"${CARGO_TARGET_DIR:-target}/release/formcheck" analyze "$clip" --force $diary
echo "try: open $clip.formcheck/report.html in a browser"
