"""Training recordings from rendered pictures, read by the real pose network. One lifter takes about 4 s on one core.

    rendered.py POSE_LANDMARK_FULL.onnx OUT_DIR SEED_FROM SEED_TO [STEP]

Beside NAME.jsonl and NAME.truth.csv: NAME.landmarks.npz, the true places of the 33 landmarks and the lifter's area, for residuals.py.
"""
import os
import sys
import time

import cv2
import numpy as np

from lumsynth.character import ASSETS
from outline import outline
from plate_path import plate_path, rim_in_picture
from pose_network import CIRCLE_SCALE, PoseNetwork
from recording import person, write_recording, write_truth
from stage import Stage
from stills import camera_axes, make_lifter, random_stills, stills_spec, truth_row

STANDING, MOVING = 3, 9
WIDTH_PX = 720              # short side
LOOKS = 2                   # a tracker settles on its crop within this many looks
PRESENCE_MIN = 0.5
SUIT_SHARE = .2
TRUNK_SHARE, TRUNK_CENTRE, TRUNK_PRESENCE_MIN = 0.7, 0.233, 0.2     # of the closer look: see `src/vision/roi.rs`


def compressed(rgb, rng):
    """Most videos are compressed harder than the network's training pictures."""
    if rng.random() > .7:
        return rgb
    _, data = cv2.imencode('.jpg', rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))])
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])


def tracked(network, rgb, px, radius, rng):
    """What the network sees from a crop that a tracker would have come to, or None."""
    hip, shoulder = px[[23, 24]].mean(0), px[[11, 12]].mean(0)
    up = shoulder - hip
    x, y = hip + rng.normal(0, .03, 2) * radius
    roi = (x, y, 2 * CIRCLE_SCALE * radius * rng.uniform(.9, 1.1), np.arctan2(up[0], -up[1]) * rng.uniform(.3, 1))
    for _ in range(LOOKS):
        seen = network.look(rgb, roi)
        if seen['presence'] < PRESENCE_MIN:
            return None
        x, y, size, turn = seen['next_roi']
        roi = (x + rng.normal(0, .006) * size, y + rng.normal(0, .006) * size, size * rng.normal(1, .012), turn + rng.normal(0, .02))
    return seen


def as_person(network, rgb, seen, rng):
    """Landmarks from the look at the body, the outline from a closer one at the trunk."""
    landmarks = seen['landmarks']
    hip, shoulder = landmarks[[23, 24], :2].mean(0), landmarks[[11, 12], :2].mean(0)
    _, _, size, turn = seen['next_roi']
    centre = hip + (shoulder - hip) * rng.normal(TRUNK_CENTRE, .02)
    near = network.look(rgb, (*centre, size * TRUNK_SHARE * rng.normal(1, .017), turn + rng.normal(0, .02)))
    shown = near if near['presence'] >= TRUNK_PRESENCE_MIN else seen
    rings = outline(shown['mask'], shown['image_from_crop'], hip, shoulder)
    return person(seen['presence'], landmarks, seen['world'], rings)


def dress(spec, rng):
    """Some wear everyday clothes, many a loose shirt."""
    sex = 'female' if spec['gender'] else 'male'
    if rng.random() < SUIT_SHARE:
        suits = sorted(name for name in os.listdir(ASSETS) if name.startswith(sex))
        tint = rng.uniform(.5, 1.2) * rng.uniform(.8, 1.2, 3)
        spec['look'].update(suit=str(rng.choice(suits)), suit_tint=tint, loose=0)
    elif rng.random() < .35 and spec['look']['top'] in ('tshirt', 'tank', 'long'):
        spec['look'].update(top='tshirt', loose=float(rng.uniform(.015, .045)))


def make(seed, network, out_dir):
    rng = np.random.default_rng([seed, 4711])
    spec = stills_spec(seed, rng)
    spec['scale'] = WIDTH_PX
    dress(spec, rng)
    spec['extra_person'] = bool(rng.random() < .1)
    lifter = make_lifter(spec, rng)
    stage, camera = Stage(lifter, rng), lifter.camera
    radius = .58 * spec['stature'] * camera.pixels_per_metre()
    persons, rows, true_px, true_world, areas, rims = [], [], [], [], [], []
    stills = random_stills(spec, rng, STANDING, MOVING)
    for still in stills:
        info = lifter.pose(still)
        rgb, area, verts = stage.shoot(info)
        world = lifter.landmark_map.landmarks(info, verts)
        px = camera.project(0, world)
        rgb = compressed(rgb, rng)
        seen = tracked(network, rgb, px, radius, rng)
        persons.append(as_person(network, rgb, seen, rng) if seen else None)
        rows.append(truth_row(lifter, still, info, px))
        axes = camera_axes(camera, world)
        true_px.append(px)
        true_world.append(axes - axes[[23, 24]].mean(0))
        areas.append(np.packbits(area))
        if stage.near_rim:
            rims.append(rim_in_picture(lifter, info, stage.near_rim))
    stage.close()
    path = os.path.join(out_dir, f'r{seed}_{spec["lift"]}')
    np.savez_compressed(path + '.landmarks.npz', image=np.array(true_px), world=np.array(true_world), u=[s.state['u'] for s in stills],
                        standing=[s.standing for s in stills], side=spec['side'], lift=spec['lift'], yaw=spec['yaw'], plate=spec['plates']['r'],
                        ppm=camera.pixels_per_metre(), area=np.array(areas), area_shape=np.array(camera.size[::-1]) // 2)
    write_truth(path, rows)
    trunk_px = np.median([np.hypot(*(px[[11, 12]].mean(0) - px[[23, 24]].mean(0))) for px in true_px])
    write_recording(path, camera.size, persons, plate_path(rims, trunk_px, camera.size, rng))


def main():
    network, out_dir = PoseNetwork(sys.argv[1]), sys.argv[2]
    cv2.setNumThreads(1)
    os.makedirs(out_dir, exist_ok=True)
    for seed in range(int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]) if len(sys.argv) > 5 else 1):
        started = time.time()
        make(seed, network, out_dir)
        print(seed, f'{time.time() - started:.1f} s', flush=True)


if __name__ == '__main__':
    main()
