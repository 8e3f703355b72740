"""Training recordings without rendering: posed bodies' silhouettes in clothes, hardened by the flaws of the real pose network.

    silhouettes.py RESIDUALS.npz OUT_DIR SEED_FROM SEED_TO [STEP]
"""
import os
import sys
import time

import cv2
import numpy as np

from mask_flaws import MASK_PX, MaskFlaws
from outline import outline
from recording import person, write_recording, write_truth
from residuals import seen_from_left
from stills import camera_axes, make_lifter, random_stills, stills_spec, truth_row
from wardrobe import Wardrobe

STANDING, MOVING = 5, 19
RASTER = 2                  # raster pixels per mask pixel
LIFT_CLASS = dict(squat=0, goodmorning=0, deadlift=1, sumo=1, rdl=2)
PRESENCE_MIN = 0.5
JUMP = 0.35                 # of the trunk: jumps of hip or shoulder beyond this are thinned out, the mask would be lost too


class Residuals:
    """Frames of the measured pose network that suit one clip: same class of lift and plate, like view."""

    def __init__(self, bank, spec, rng):
        self.bank = bank
        kind = np.array([LIFT_CLASS[x] for x in bank['lift']])
        unlike = 3.0 * (kind != LIFT_CLASS[spec['lift']]) + 1.0 * ((bank['plate'] > .2) != (spec['plates']['r'] > .2))
        unlike = unlike + np.abs(bank['yaw'] - spec['yaw']) / 15
        clips = np.unique(bank['clip'])
        cost = np.array([unlike[bank['clip'] == c][0] for c in clips])
        chosen = clips[rng.choice(np.argsort(cost)[:8])]
        self.rows = np.flatnonzero(bank['clip'] == chosen)

    def draw(self, still, rng):
        """Presence and (33, 7) residuals of a frame at a like phase, or None where the pose was lost."""
        b, rows = self.bank, self.rows
        rows = rows[b['standing'][rows] == still.standing] if (b['standing'][rows] == still.standing).any() else rows
        weight = np.exp(-np.abs(b['u'][rows] - still.state['u']) / .08) + 1e-9
        middle = np.linalg.norm(b['residual'][rows][:, [[11, 12], [23, 24]], :2].mean(2), axis=2).max(1) / b['trunk'][rows]
        weight = weight * np.where(middle > JUMP, .15, 1)
        row = rng.choice(rows, p=weight / weight.sum())
        if b['presence'][row] < PRESENCE_MIN:
            return None
        return b['presence'][row], b['residual'][row]


def crop_of(landmarks_px, ppm, stature, rng):
    """image_from_crop as the tracker would choose it: mid-hip, a circle round the body, turned with the trunk."""
    hip, shoulder = landmarks_px[[23, 24]].mean(0), landmarks_px[[11, 12]].mean(0)
    reach = np.linalg.norm(landmarks_px - hip, axis=1).max() * 1.12
    radius = max(reach, .42 * stature * ppm) * rng.uniform(.95, 1.1)
    up = shoulder - hip
    turn = np.arctan2(up[0], -up[1]) * rng.uniform(.5, 1.05)
    scale = 2 * 1.25 * radius / MASK_PX
    c, s = np.cos(turn) * scale, np.sin(turn) * scale
    centre = hip + rng.normal(0, .01, 2) * radius
    half = MASK_PX / 2
    return np.array([[c, -s, centre[0] - half * (c - s)], [s, c, centre[1] - half * (s + c)]])


def filled(shape_px, polygons):
    out = np.zeros((shape_px, shape_px), np.uint8)
    for polygon in polygons:
        cv2.fillConvexPoly(out, polygon, 255, lineType=cv2.LINE_8, shift=4)
    return out


def to_area(raster):
    return cv2.resize(raster, (MASK_PX, MASK_PX), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


class Painter:
    """Draws world shapes as areas of one frame's crop."""

    def __init__(self, camera, image_from_crop):
        self.camera, self.to_crop = camera, cv2.invertAffineTransform(image_from_crop)

    def fixed_point(self, points):
        px = self.camera.project(0, points) @ self.to_crop[:, :2].T + self.to_crop[:, 2]
        return np.round((px + .5) * RASTER * 16 - 8).astype(np.int32)

    def body(self, corners, ponytail):
        q = self.fixed_point(corners.reshape(-1, 3)).reshape(-1, 4, 2)
        a, b = q[:, 2].astype(np.int64) - q[:, 0], q[:, 3].astype(np.int64) - q[:, 1]
        raster = filled(MASK_PX * RASTER, q[a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0] < 0])      # front faces only
        if ponytail is not None:
            path, width_m = ponytail
            px = self.fixed_point(path)
            width = width_m * self.camera.pixels_per_metre() * np.linalg.norm(self.to_crop[0, :2]) * RASTER
            cv2.polylines(raster, [px.reshape(-1, 1, 2)], False, 255, max(int(width), 1), cv2.LINE_8, 4)
        return to_area(raster)

    def disc(self, centre, axis, radius):
        axis = axis / np.linalg.norm(axis)
        side = np.cross(axis, [0, 1.0, 0])
        side /= np.linalg.norm(side)
        a = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        ring = centre + radius * (np.cos(a)[:, None] * side + np.sin(a)[:, None] * np.cross(axis, side))
        return to_area(filled(MASK_PX * RASTER, [self.fixed_point(ring)]))


def ponytail(lifter, info, hair):
    """Hair that hangs from the back of the head onto the neck and upper back: (path, width) or None."""
    if hair is None:
        return None
    length, width = hair
    G, P, body = info['G']['head'], info['P']['head'], lifter.body
    back = P + G @ (np.array([0, .5 * (body.stature - body.head['head'][1]), -.115]))
    hang = .35 * (G @ [0, -.7, -.7]) + [0, -1, 0]
    hang = hang / np.linalg.norm(hang)
    return np.array([back, back + .3 * length * (.6 * hang + .4 * (G @ [0, 0, -1.0])), back + length * hang]), width


class Clip:
    """All that stays the same in one silhouette clip."""

    def __init__(self, seed, bank):
        self.rng = rng = np.random.default_rng([seed, 991])
        spec = stills_spec(seed, rng)
        if rng.random() < .35 and spec['look']['top'] in ('tshirt', 'tank', 'long'):
            spec['look'].update(top='tshirt', loose=float(rng.uniform(.015, .05)))
        self.lifter, self.spec = make_lifter(spec, rng), spec
        self.wardrobe = Wardrobe(self.lifter.body, spec['look'], rng)
        self.flaws = MaskFlaws(rng)
        self.residuals = Residuals(bank, spec, rng)
        long_hair = spec['look']['hair'] in ('ponytail01', 'braid01')
        self.hair = (rng.uniform(.12, .38), rng.uniform(.03, .07)) if long_hair else None
        self.cut_feet = rng.uniform(.0, .2) if rng.random() < .08 else None       # metres of the feet below the picture

    def frame(self, still):
        """(person or None, truth row)"""
        lifter, rng = self.lifter, self.rng
        info = lifter.pose(still)
        verts = lifter.body.skin(lifter.body.bone_matrix(info['G'], info['P'], info['override']))
        world = lifter.landmark_map.landmarks(info, verts)
        px = lifter.camera.project(0, world)
        row = truth_row(lifter, still, info, px)
        drawn = self.residuals.draw(still, rng)
        if drawn is None:
            return None, row
        presence, residual = drawn
        image_from_crop = crop_of(px, lifter.camera.pixels_per_metre(), self.spec['stature'], rng)
        painter = Painter(lifter.camera, image_from_crop)
        body = painter.body(self.wardrobe.surfaces(verts, still.state['u'], rng), ponytail(lifter, info, self.hair))
        mask = self.flaws.apply(body, *self._plates(painter, info), rng)
        mask = self._cropped(mask, image_from_crop, px)
        landmarks, world = self._seen(world, px, residual)
        rings = outline(mask, image_from_crop, landmarks[[23, 24], :2].mean(0), landmarks[[11, 12], :2].mean(0))
        return person(presence, landmarks, world, rings), row

    def _plates(self, painter, info):
        """Areas of the plate nearer the camera and of the one beyond the lifter."""
        if not self.spec['plates']['n']:
            return [np.zeros((MASK_PX, MASK_PX), np.float32)] * 2
        sign = 1 if self.spec['side'] == 'left' else -1
        return [painter.disc(info['bar'] + end * sign * .72 * info['bar_dir'], info['bar_dir'], self.spec['plates']['r']) for end in (1, -1)]

    def _cropped(self, mask, image_from_crop, px):
        if self.cut_feet is None:
            return mask
        floor_y = px[27:33, 1].max() - self.cut_feet * self.lifter.camera.pixels_per_metre()
        y = image_from_crop[1, 0] * np.arange(MASK_PX)[None] + image_from_crop[1, 1] * np.arange(MASK_PX)[:, None] + image_from_crop[1, 2]
        return mask * (y < floor_y)

    def _seen(self, world, px, residual):
        """Truth plus residuals: landmarks (33, 4) in pixels, world (33, 3) about the mid-hip."""
        ppm, side = self.lifter.camera.pixels_per_metre(), self.spec['side']
        image, metres = seen_from_left(residual[:, :4], side), seen_from_left(residual[:, 4:], side)
        axes = camera_axes(self.lifter.camera, world)
        axes = axes - axes[[23, 24]].mean(0)
        landmarks = np.c_[px + image[:, :2] * ppm, (axes[:, 2] + image[:, 2]) * ppm, image[:, 3]]
        return landmarks, axes + metres


def make(seed, bank, out_dir):
    clip = Clip(seed, bank)
    persons, rows = [], []
    for still in random_stills(clip.spec, clip.rng, STANDING, MOVING):
        who, row = clip.frame(still)
        persons.append(who)
        rows.append(row)
    path = os.path.join(out_dir, f's{seed}_{clip.spec["lift"]}')
    write_truth(path, rows)
    write_recording(path, clip.lifter.camera.size, persons)


def main():
    bank = dict(np.load(sys.argv[1]))
    out_dir, first, last = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    cv2.setNumThreads(1)
    os.makedirs(out_dir, exist_ok=True)
    started = time.time()
    for seed in range(first, last, int(sys.argv[5]) if len(sys.argv) > 5 else 1):
        make(seed, bank, out_dir)
        print(seed, f'{time.time() - started:.0f} s', flush=True)


if __name__ == '__main__':
    main()
