#!/bin/sh
# Makes the network files of this folder again, from the published package. Needs npm and python3 with venv.
#   models/make.sh          detector, lite and full
#   models/make.sh heavy    the heavy landmark network too (27 MB, not in the repository)
set -eu
cd "$(dirname "$0")"
PACKAGE=@mediapipe/pose@0.5.1675469404
TARBALL=mediapipe-pose-0.5.1675469404.tgz
TARBALL_SHA256=8bb349a7b3a3ba699df23be804ddd3b3eab810b50b15406894be257859388a84
PYTHON_PACKAGES="numpy==2.4.6 onnx==1.23.2 tflite==2.18.0 flatbuffers==25.12.19"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "1/3 fetching $PACKAGE from the npm registry"
(cd "$work" && npm pack --silent "$PACKAGE" >/dev/null)
echo "$TARBALL_SHA256  $work/$TARBALL" | sha256sum --check --quiet
tar -xzf "$work/$TARBALL" -C "$work"
chmod -R u+rw "$work/package"
# The packed assets of the package are the detector file itself.
mv "$work/package/pose_solution_packed_assets.data" "$work/package/pose_detection.tflite"

echo "2/3 installing the converter's packages into a throw-away environment"
python3 -m venv "$work/venv"
# shellcheck disable=SC2086 # a list of words
"$work/venv/bin/pip" install --quiet --disable-pip-version-check $PYTHON_PACKAGES

echo "3/3 converting"
names="pose_detection pose_landmark_lite pose_landmark_full"
[ "${1:-}" = heavy ] && names="$names pose_landmark_heavy"
for name in $names; do
    "$work/venv/bin/python" tflite_to_onnx.py "$work/package/$name.tflite" "$work/$name.onnx"
    mv "$work/$name.onnx" "$name.onnx"
done
for name in $names; do
    grep -q "$(sha256sum "$name.onnx" | cut -d' ' -f1)" README.md || { echo "$name.onnx differs from the table in README.md" >&2; exit 1; }
done
echo "done: every file has the checksum of README.md"
