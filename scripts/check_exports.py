#!/usr/bin/env python3
"""Reads formcheck's exports with the readers of the programs they are for, and holds the numbers against the recording.

    scripts/check_exports.sh          makes an environment of its own, builds nothing but formcheck, and runs this
    scripts/check_exports.py PROGRAM  with the packages installed

Readers: OpenSim's own .trc and .mot readers (PyPI package opensim), trc-data-reader, pandas; for OpenPose's JSON, which
has no reader on PyPI, the reshape that OpenPose's documentation gives.
"""
import glob, json, math, os, subprocess, sys, tempfile

import numpy as np

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "target/debug/formcheck")
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# OpenSim writes a log wherever it is started
os.chdir(tempfile.mkdtemp())
import opensim
import pandas
from trc import TRCData


def export(results, *args):
    return subprocess.run([PROGRAM, "export", results, *args], check=True, capture_output=True, text=True).stdout


def check(clip, folder):
    recording = os.path.join(HERE, "samples", clip + ".recording.jsonl")
    results = os.path.join(folder, clip)
    subprocess.run([PROGRAM, "analyze", recording, "--out", results, "--quiet", "--no-history"], check=True, capture_output=True)
    frames = [json.loads(line) for line in open(recording)][1:]
    report = json.load(open(os.path.join(results, "report.json")))

    trc = os.path.join(folder, clip + ".trc")
    open(trc, "w").write(export(results, "trc"))
    table = opensim.TimeSeriesTableVec3(trc)
    assert table.getNumRows() == len(frames), (table.getNumRows(), len(frames))
    assert table.getNumColumns() == 26 and table.getTableMetaDataString("Units") == "m"
    labels = list(table.getColumnLabels())
    knee = labels.index("RKnee")
    for i in (0, len(frames) // 2, len(frames) - 1):
        if not frames[i]["person"]:
            continue
        x, y, z = frames[i]["person"]["world"][26]
        at = table.getRowAtIndex(i).getElt(0, knee)
        assert max(abs(at[0] - x), abs(at[1] + y), abs(at[2] + z)) < 1e-3, (i, at)
    back = [table.getRowAtIndex(i).getElt(0, labels.index("Back7"))[1] for i in range(len(frames))]
    seen = [v for v in back if not math.isnan(v)]
    assert len(seen) > len(frames) / 2, "no back line"

    other = TRCData()
    other.load(trc)
    assert other["NumFrames"] == len(frames) and other["NumMarkers"] == 26, (other["NumFrames"], other["NumMarkers"])

    mot = os.path.join(folder, clip + ".mot")
    open(mot, "w").write(export(results, "mot"))
    motion = opensim.TimeSeriesTable(mot)
    times = motion.getIndependentColumn()
    assert motion.getNumRows() > len(frames) / 2 and all(b > a for a, b in zip(times, times[1:]))
    assert opensim.Storage(mot).isInDegrees()
    by_time = {round(p["time_s"], 4): p for p in report["track"]}
    lumbar = motion.getDependentColumn("lumbar_extension")
    for i in (0, motion.getNumRows() // 2):
        assert abs(lumbar[i] + by_time[round(times[i], 4)]["lumbar_flexion_deg"]) < 0.01

    rows = pandas.read_csv(os.path.join(results, "frames.csv"))
    assert len(rows) == len(report["track"]) and rows["time_s"].is_monotonic_increasing
    reps = pandas.read_csv(os.path.join(results, "reps.csv"))
    assert list(reps["verdict"]) == [r["verdict"] for r in report["reps"]]
    assert list(reps["reason"]) == [r["reason"] for r in report["reps"]]

    folder = os.path.join(folder, clip + "-openpose")
    export(results, "openpose", "--out", folder)
    files = sorted(glob.glob(folder + "/*_keypoints.json"))
    assert len(files) == len(frames)
    for frame, file in zip(frames, files):
        people = json.load(open(file))["people"]
        assert len(people) == (1 if frame["person"] else 0)
        for person in people:
            points = np.array(person["pose_keypoints_2d"]).reshape(25, 3)
            assert np.allclose(points[10, :2], frame["person"]["landmarks"][26][:2], atol=1e-2)
    print(f"{clip}: .trc {len(labels)} markers x {len(frames)} frames, .mot {motion.getNumRows()} rows, "
          f"CSV {len(rows)} + {len(reps)} rows, OpenPose {len(files)} files: as recorded")


with tempfile.TemporaryDirectory() as folder:
    clips = sorted(os.path.basename(p)[: -len(".recording.jsonl")]
                   for p in glob.glob(os.path.join(HERE, "samples", "*.recording.jsonl")))
    assert len(clips) >= 3, clips
    for clip in clips:
        check(clip, folder)
