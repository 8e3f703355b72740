"""Writes training recordings: formcheck's recording (JSON lines, see `src/recording.rs`) and the truth beside it."""
import csv
import json
import os

SCHEMA = 'formcheck/recording/1'
FRAME_S = 0.1
TRUTH_COLUMNS = ['time_s', 'lumbar_flexion_deg', 'thoracic_flexion_deg', 'standing', 'yaw_deg', 'lift', 'seed', 'u', 'loose_m',
                 'plate_r_m', 'hip_x', 'hip_y', 'shoulder_x', 'shoulder_y', 'knee_x', 'knee_y', 'ankle_x', 'ankle_y']


def person(presence, landmarks, world, rings):
    """landmarks: rows x, y, depth, visibility in image pixels; world: rows x, y, z in metres."""
    return dict(presence=round(float(presence), 3),
                landmarks=[[round(float(x), 2), round(float(y), 2), round(float(z), 1), round(float(v), 3)] for x, y, z, v in landmarks],
                world=[[round(float(a), 4) for a in row] for row in world], outline=rings)


def write_recording(path, size, persons, plate=()):
    """One frame every FRAME_S; a person may be None. plate: rows frame, x, y, height in pixels. Renamed into place when complete."""
    width, height = size
    clip = dict(name=os.path.basename(path), duration_s=round(len(persons) * FRAME_S, 3), width_px=width, height_px=height, rotation_deg=0,
                codec='none', frame_rate_hz=1 / FRAME_S, frames=len(persons))
    part = path + '.part'
    with open(part, 'w') as out:
        path_of_plate = [[round(frame * FRAME_S, 3), *(round(float(v), 1) for v in place)] for frame, *place in plate]
        out.write(json.dumps(dict(schema=SCHEMA, clip=clip, models=[], version='train', plate_path=path_of_plate)) + '\n')
        for i, who in enumerate(persons):
            out.write(json.dumps(dict(time_s=round(i * FRAME_S, 3), person=who)) + '\n')
    os.rename(part, path + '.jsonl')


def write_truth(path, rows):
    """rows: dicts with TRUTH_COLUMNS except time_s."""
    with open(path + '.truth.csv', 'w', newline='') as out:
        writer = csv.DictWriter(out, TRUTH_COLUMNS, lineterminator='\n')
        writer.writeheader()
        for i, row in enumerate(rows):
            writer.writerow(dict(row, time_s=round(i * FRAME_S, 3)))
