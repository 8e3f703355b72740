#!/bin/sh
# From nothing to a report: installs what is missing, builds, and measures a sample clip.
set -eu
cd "$(dirname "$0")"
scripts/setup.sh
echo "try: building (the first time takes a few minutes)"
cargo build --release --locked
clip=${1:-$(find samples -name '*.mp4' 2>/dev/null | sort | head -n 1)}
[ -n "$clip" ] || { echo "try: there is no clip in samples/" >&2; exit 1; }
echo "try: measuring $clip"
target/release/formcheck analyze "$clip" --force
folder="${clip%.*}.formcheck"
[ -f "$folder/report.html" ] || folder="$clip.formcheck"
echo "try: the report is $folder/report.html"
