#!/bin/sh
# Whole-process CPU time and peak memory of formcheck's first room against Python MediaPipe 0.10.21 (full model, with mask)
# on the same clip, taken in turns in one run.
#   benches/speed.sh CLIP [ROUNDS]        needs python 3.9 to 3.12 with venv; PYTHON names it
set -eu
clip=$(realpath "$1")
rounds=${2:-3}
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet --example record
venv=${MEDIAPIPE_VENV:-target/mediapipe-venv}
if [ ! -d "$venv" ]; then
    "${PYTHON:-python3.11}" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check mediapipe==0.10.21
fi
"$venv/bin/python" benches/speed.py "$clip" "$rounds"
