#!/bin/sh
# Installs what is missing and runs all tests: first without OpenCV (seconds once built), then with it.
set -eu
cd "$(dirname "$0")"
scripts/setup.sh
echo "test: science and reports, without OpenCV"
cargo test --locked --no-default-features
echo "test: everything (the first build takes a few minutes)"
cargo test --locked
echo "test: all passed"
