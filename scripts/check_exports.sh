#!/bin/sh
# Reads the exports with the readers of the programs they are for, OpenSim's own among them. For developers: fetches some
# hundred MB of pinned Python packages into target/readers/ the first time. Python 3.11, for which OpenSim has a wheel.
set -eu
cd "$(dirname "$0")/.."
readers=target/readers
if [ ! -f $readers/ready ]; then
    python3 -m venv $readers
    $readers/bin/pip install --quiet --disable-pip-version-check \
        opensim==4.6 trc-data-reader==0.4.1 pandas==3.1.1 numpy==2.4.6
    touch $readers/ready
fi

cargo build --quiet --locked --no-default-features
$readers/bin/python scripts/check_exports.py "${CARGO_TARGET_DIR:-target}/debug/formcheck"
