"""How far the network's outline is from the rendered lifter's along the back, in percent of the trunk's length.

    outline_error.py RENDERED_DIR     reads NAME.jsonl and the NAME.landmarks.npz that rendered.py wrote
"""
import glob
import json
import sys

import cv2
import numpy as np

LEVELS = np.linspace(0, .8, 9)          # along the trunk, hip 0, shoulder 1
REACH = .8                              # rays end this many trunk lengths behind the axis
GROSS = 10                              # percent


def exits(area, px):
    """Trunk lengths from the hip-shoulder axis to where each ray towards the back leaves the area; NaN where it never was inside."""
    hip, shoulder = px[[23, 24]].mean(0), px[[11, 12]].mean(0)
    axis = shoulder - hip
    back = np.array([axis[1], -axis[0]])
    forward = px[[31, 32]].mean(0) - px[[29, 30]].mean(0)
    back = back * -np.sign(back @ forward)
    steps = np.linspace(0, REACH, 400)
    out = []
    for level in LEVELS:
        ray = (hip + level * axis + steps[:, None] * back).astype(np.float32)
        inside = cv2.remap(area, ray[None, :, 0], ray[None, :, 1], cv2.INTER_LINEAR)[0] > .5
        left = np.flatnonzero(~inside)
        out.append(steps[left[0]] if inside[0] and len(left) else np.nan)
    return np.array(out)


def frame_errors(truth, i, rings):
    h, w = truth['area_shape']
    true_area = np.unpackbits(truth['area'][i])[:h * w].reshape(h, w)
    size = (2 * int(w), 2 * int(h))
    true_area = cv2.resize(true_area.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    seen = np.zeros(size[::-1], np.uint8)
    cv2.fillPoly(seen, [np.round(np.array(ring)[:, :2] * 8).astype(np.int32) for ring in rings], 1, shift=3)
    px = truth['image'][i]
    return (exits(seen.astype(np.float32), px) - exits(true_area, px)) * 100


def main():
    errors, plates, standing = [], [], []
    for file in sorted(glob.glob(sys.argv[1] + '/*.landmarks.npz')):
        truth = np.load(file)
        truth = {k: truth[k] for k in truth.files}
        for i, line in enumerate(open(file.replace('.landmarks.npz', '.jsonl')).read().splitlines()[1:]):
            who = json.loads(line)['person']
            if who and who['outline']:
                errors.append(frame_errors(truth, i, who['outline']))
                plates.append(float(truth['plate']))
                standing.append(bool(truth['standing'][i]))
    errors, plates, standing = np.array(errors), np.array(plates), np.array(standing)
    for name, keep in {'all': plates > 0, 'small plates': plates < .2, '450 mm plates': plates >= .2, 'standing': standing}.items():
        e = errors[keep]
        ok = np.isfinite(e)
        e = e[ok]
        if not len(e):
            continue
        print(f'{name:14} rays seen in both {ok.mean():.2f}, median {np.median(e):+.1f}, median size {np.median(np.abs(e)):.1f}, '
              f'90th {np.percentile(np.abs(e), 90):.1f}, gross {(np.abs(e) > GROSS).mean():.3f}')


if __name__ == '__main__':
    main()
