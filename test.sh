#!/bin/sh
# Installs what is missing and runs all tests: first without OpenCV (seconds), then with it.
set -eu
cd "$(dirname "$0")"
scripts/setup.sh
echo "test: science and reports, without OpenCV"
cargo test --locked --quiet --no-default-features
echo "test: everything"
cargo test --locked --quiet
echo "test: all passed"
