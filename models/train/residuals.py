"""How wrong the pose network is on rendered lifters: residuals per frame, kept whole so that joints stay correlated.

    residuals.py RENDERED_DIR OUT.npz     from NAME.jsonl + NAME.landmarks.npz; prints the table of errors

Lengths are in metres at the lifter (pixels / pixels per metre), seen as if the camera stood on the lifter's left.
"""
import glob
import json
import os
import sys

import numpy as np

from lumsynth.truth import LANDMARKS, MIRROR

GROSS = 0.15          # of the trunk's length: a landmark that jumped
JOINTS = dict(nose=[0], ear=[7, 8], shoulder=[11, 12], elbow=[13, 14], wrist=[15, 16], hip=[23, 24], knee=[25, 26], ankle=[27, 28],
              heel=[29, 30], toe=[31, 32])


def seen_from_left(rows, side, x_columns=(0,)):
    """Mirrors rows (33, k) of a lifter seen from the right; `x_columns` change sign."""
    if side == 'left':
        return rows
    out = rows[MIRROR].copy()
    out[:, list(x_columns)] *= -1
    return out


def frame_residuals(person, truth_px, truth_world, side, ppm):
    """(33, 7): x, y, depth residual in metres, visibility, world x, y, z residual."""
    seen, world = np.array(person['landmarks']), np.array(person['world'])
    image = np.c_[(seen[:, :2] - truth_px) / ppm, seen[:, 2] / ppm - truth_world[:, 2], seen[:, 3]]
    return np.c_[seen_from_left(image, side), seen_from_left(world - truth_world, side)]


def collect(folder):
    bank = dict(clip=[], lift=[], side=[], yaw=[], plate=[], u=[], standing=[], trunk=[], presence=[], residual=[])
    for k, truth_file in enumerate(sorted(glob.glob(os.path.join(folder, '*.landmarks.npz')))):
        truth = np.load(truth_file)
        lines = [json.loads(line) for line in open(truth_file.replace('.landmarks.npz', '.jsonl'))][1:]
        side = str(truth['side'])
        for i, frame in enumerate(lines):
            who, px = frame['person'], truth['image'][i]
            trunk = np.linalg.norm(px[[11, 12]].mean(0) - px[[23, 24]].mean(0)) / truth['ppm']
            row = np.full((LANDMARKS, 7), np.nan) if who is None else frame_residuals(who, px, truth['world'][i], side, truth['ppm'])
            for key, value in dict(clip=k, lift=str(truth['lift']), side=side, yaw=truth['yaw'], plate=truth['plate'], u=truth['u'][i],
                                   standing=truth['standing'][i], trunk=trunk, presence=who['presence'] if who else 0., residual=row).items():
                bank[key].append(value)
    return {key: np.array(value) for key, value in bank.items()}


def print_table(bank):
    """Distance to the truth in percent of the trunk's length, by joint and plate."""
    error = np.linalg.norm(bank['residual'][:, :, :2], axis=2) / bank['trunk'][:, None] * 100
    found = np.isfinite(error[:, 0])
    print(f'{len(found)} frames of {len(set(bank["clip"]))} lifters, pose found in {found.mean():.3f}')
    groups = {'small plates': bank['plate'] < .2, '450 mm plates': bank['plate'] >= .2, 'standing': bank['standing'] > 0,
              '450 mm, low in the lift': (bank['plate'] >= .2) & (bank['u'] > .6)}
    print('joint (near/far: the camera\'s side and the other) | ' + ' | '.join(f'{g}: median, 90th, gross' for g in groups))
    for joint, idx in JOINTS.items():
        for name, i in zip(('near', 'far') if len(idx) > 1 else ('',), idx):
            cells = []
            for keep in groups.values():
                e = error[keep & found, i] if (keep & found).any() else np.array([np.nan])
                cells.append(f'{np.median(e):5.1f} {np.percentile(e, 90):5.1f} {(e > 100 * GROSS).mean():5.3f}')
            print(f'{joint:9}{name:5} | ' + ' | '.join(cells))
    for joint, idx in dict(shoulder=[11, 12], hip=[23, 24], knee=[25, 26], ankle=[27, 28]).items():
        middle = bank['residual'][:, idx, :2].mean(1) / bank['trunk'][:, None] * 100
        e = np.linalg.norm(middle, axis=1)[found]
        print(f'middle of {joint:9}: median {np.median(e):.1f}, 90th {np.percentile(e, 90):.1f}, gross {(e > 100 * GROSS).mean():.3f}, '
              f'bias x {np.median(middle[found, 0]):+.1f} y {np.median(middle[found, 1]):+.1f}')


if __name__ == '__main__':
    found = collect(sys.argv[1])
    np.savez_compressed(sys.argv[2], **found)
    print_table(found)
