#!/bin/sh
# Installs what formcheck needs on Debian 12 and is missing: the Debian packages of OpenCV and of its Rust binding, and the
# ONNX Runtime library in runtime/. Says what it does; does nothing the second time. For root, or a user with sudo.
set -eu
cd "$(dirname "$0")/.."

# ffmpeg writes the annotated video of --video.
PACKAGES="libopencv-dev clang libclang-dev pkg-config g++ ffmpeg"
# The library comes out of the wheel of the PyPI package onnxruntime.
RUNTIME_VERSION=1.22.1
case $(uname -m) in
    x86_64) platform=manylinux_2_28_x86_64
        wheel_sha256=f6effa1299ac549a05c784d50292e3378dbbf010346ded67400193b09ddc2f04 ;;
    aarch64) platform=manylinux_2_28_aarch64
        wheel_sha256=7ae7526cf10f93454beb0f751e78e5cb7619e3b92f9fc3bd51aa6f3b7a8977e5 ;;
    *) echo "setup: no ONNX Runtime wheel is known for $(uname -m); set ORT_DYLIB_PATH to your libonnxruntime.so" >&2; exit 1 ;;
esac

say() { echo "setup: $*"; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; return; fi
    command -v sudo >/dev/null || { say "run this as root, or install sudo"; exit 1; }
    sudo "$@"
}

# Installs the Debian packages named that are missing.
debian() {
    missing=""
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -z "$missing" ] && return
    command -v apt-get >/dev/null || { say "please install:$missing"; exit 1; }
    say "installing Debian packages:$missing"
    as_root apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

runtime() {
    stamp=runtime/VERSION
    [ -f runtime/libonnxruntime.so ] && [ "$(cat $stamp 2>/dev/null)" = "$RUNTIME_VERSION" ] && return
    command -v python3 >/dev/null || debian python3
    python3 -m pip --version >/dev/null 2>&1 || debian python3-pip
    say "fetching ONNX Runtime $RUNTIME_VERSION (PyPI package onnxruntime) into runtime/"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 311 \
        --platform "$platform" --dest "$work" "onnxruntime==$RUNTIME_VERSION"
    echo "$wheel_sha256  $(ls "$work"/*.whl)" | sha256sum --check --quiet
    python3 -m zipfile -e "$work"/*.whl "$work/wheel"
    mkdir -p runtime
    cp "$work/wheel/onnxruntime/LICENSE" "$work/wheel/onnxruntime/ThirdPartyNotices.txt" runtime/
    cp "$work/wheel/onnxruntime/capi/libonnxruntime.so.$RUNTIME_VERSION" runtime/libonnxruntime.so.part
    mv runtime/libonnxruntime.so.part runtime/libonnxruntime.so
    echo "$RUNTIME_VERSION" > $stamp
}

command -v cargo >/dev/null || { say "a Rust toolchain is needed: https://rustup.rs"; exit 1; }
# shellcheck disable=SC2086 # a list of words
debian $PACKAGES
runtime
say "everything is there"
