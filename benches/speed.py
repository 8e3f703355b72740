"""Runs both programs on a clip, in turns, and prints CPU time a frame and peak memory. Called by speed.sh."""

import os
import sys
import tempfile
import time

MEDIAPIPE = """
import sys, cv2, mediapipe
pose = mediapipe.solutions.pose.Pose(model_complexity=1, enable_segmentation=True)
video = cv2.VideoCapture(sys.argv[1])
frames = 0
while True:
    ok, picture = video.read()
    if not ok:
        break
    pose.process(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
    frames += 1
open(sys.argv[2], "w").write(str(frames))
"""


def run(command):
    """(CPU seconds, wall seconds, peak MB) of a process and its children."""
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execv(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"{command[0]} failed")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024


def main():
    clip, rounds = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        count = f"{folder}/frames"
        programs = {
            "formcheck": [os.path.abspath("target/release/examples/record"), clip, f"{folder}/out.jsonl"],
            "mediapipe": [sys.executable, "-c", MEDIAPIPE, clip, count],
        }
        results = {name: [] for name in programs}
        for _ in range(rounds):
            for name, command in programs.items():
                results[name].append(run(command))
        frames = int(open(count).read())
    print(f"{os.path.basename(clip)}: {frames} frames, best of {rounds}")
    best = {name: [min(values) for values in zip(*runs)] for name, runs in results.items()}
    for name, (cpu, wall, peak) in best.items():
        print(f"  {name:10} {1000 * cpu / frames:6.1f} ms CPU a frame  {1000 * wall / frames:6.1f} ms wall  peak {peak:5.0f} MB")
    print(f"  ratio of CPU time {best['formcheck'][0] / best['mediapipe'][0]:.2f}")


if __name__ == "__main__":
    main()
