#!/usr/bin/env python3
"""Fits the two small networks: fit.py axis|spine OUT.bin [--from NETWORK.bin] FEATURES.f32 [FEATURES.f32 ...]

FEATURES.f32 are rows of `cargo run --release --no-default-features --example back_line_features`: along the landmarks' axis
for `axis` (where hip and shoulder really are), along the refined axis for `spine`. The first file (rendered stills, the pose
network in the loop) counts RENDERED_WEIGHT times. The error on bodies that a network was not trained on is printed.
With `--from` a network goes on from the weights of another one, to a kind of lift that that one has seen too little of.
"""
import argparse

import numpy as np

from perceptrons import read, scaled, scaling, share_of, together, train, write

LOOK, WIDTH = 150, 451      # numbers of a look; look, change from standing, standing look, flag
TRUNK, THIGH = 53, 54       # the look's inclinations of trunk and thigh, radians
BENT = np.pi / 6            # between them, from which on the lifter is bent; as `Look::bent`
TRUTH = 10                  # lumbar, thoracic, yaw, standing, seed, seen, hip x y, shoulder x y (trunk lengths)
LEAST_SEEN = 0.35           # of the rays between hip and shoulder: less is not measured
RENDERED_WEIGHT = 2.0
FOLDS = 5                   # members of the axis network; each leaves out one fold of bodies, as the features need it
AXIS_HIDDEN, AXIS_EPOCHS = (128, 64), 20
AXIS_UNIT = 0.2             # trunk lengths
AXIS_FARTHEST = 3.0         # units; landmarks that are farther off have left the body
MEMBERS = 5
SPINE_HIDDEN, SPINE_EPOCHS = (256, 128, 64), 17
UNIT_DEG = 10.0
TASK_WEIGHT = (1.0, 0.5, 0.3)
NO_REFERENCE = 0.15         # share of samples that are shown without the standing look
NO_BENT = 0.1               # share that are shown without the bent look
HABIT_DEG = (-12, 45)       # a lifter rounds alike from rep to rep: the bent look is of stills near a flexion drawn from this range
FURTHER_EPOCHS = 8
HELD_OUT = 0.1


def load(path):
    rows = np.fromfile(path, np.float32).reshape(-1, WIDTH + TRUTH)
    rows = rows[(rows[:, WIDTH + 5] > LEAST_SEEN) & np.isfinite(rows).all(1)]
    return rows[:, :WIDTH], rows[:, WIDTH:]


def load_all(paths):
    parts = [load(p) for p in paths]
    source = np.concatenate([np.full(len(x), i) for i, (x, _) in enumerate(parts)])
    weight = np.where(source == 0, RENDERED_WEIGHT, 1.0).astype(np.float32)
    x, truth = (np.concatenate(column) for column in zip(*parts))
    return x, truth, source, weight / weight.mean()


def fit_axis(out, paths, start):
    x, truth, source, weight = load_all(paths)
    y = np.clip((truth[:, 6:10] - [0, 0, 1, 0]) / AXIS_UNIT, -AXIS_FARTHEST, AXIS_FARTHEST).astype(np.float32)
    fold = truth[:, 4].astype(int) % FOLDS
    starts, mean, scale = read(start) if start else ([None] * FOLDS, *scaling(x[:, :LOOK]))
    z = scaled(x[:, :LOOK], mean, scale)
    members, error, epochs = [], np.zeros_like(y), FURTHER_EPOCHS if start else AXIS_EPOCHS
    for k, layers in enumerate(starts):
        member = train(z, y, weight, np.flatnonzero(fold != k), k, AXIS_HIDDEN, epochs, (1.0,) * 4, start=layers)
        error[fold == k] = (together([member], z[fold == k])[0] - y[fold == k]) * AXIS_UNIT
        members.append(member)
    for i, path in enumerate(paths):
        for name, e in ('landmarks', y * AXIS_UNIT), ('refined, unseen bodies', error):
            far = [np.hypot(*e[source == i, k:k + 2].T) for k in (0, 2)]
            print(f'{path}, {name}: off by, trunk lengths (median, 90 %): '
                  + '; '.join(f'{part} {np.median(d):.3f}, {np.quantile(d, .9):.3f}' for part, d in zip(('hip', 'shoulder'), far)))
    write(out, members, mean, scale)


def typical(looks):
    """Median of looks, of the plate (the last four numbers, a flag at the end) where it was seen; as `Look::typical`."""
    middle, seen = np.median(looks, 0), looks[looks[:, -1] > 0.5, -4:]
    middle[-4:] = np.median(seen, 0) if len(seen) else 0
    return middle


class BentLooks:
    """Draws the bent look of every lifter. The stills of a lifter have flexions drawn apart from each other, which no set has:
    their middle would tell the middle of what was drawn. So only the half nearest to one flexion is taken."""

    def __init__(self, x, truth, source):
        self.x, self.flexion = x, truth[:, 0]
        _, self.lifter = np.unique(np.stack([source, truth[:, 4]]), axis=1, return_inverse=True)
        bent = np.flatnonzero(x[:, TRUNK] - x[:, THIGH] >= BENT)
        order = bent[np.argsort(self.lifter[bent], kind='stable')]
        self.frames = np.split(order, np.flatnonzero(np.diff(self.lifter[order])) + 1)

    def draw(self, rng):
        """One look a lifter, NaN for lifters who never bend."""
        looks = np.full((self.lifter.max() + 1, LOOK), np.nan, np.float32)
        for frames in self.frames:
            apart = np.abs(self.flexion[frames] - rng.uniform(*HABIT_DEG))
            looks[self.lifter[frames[0]]] = typical(self.x[frames[np.argsort(apart)[:(len(frames) + 1) // 2]], :LOOK])
        return looks


def report(name, mean, sd, y):
    if not len(y):
        return print(f'{name}: no frames, too few lifters to keep any apart', flush=True)
    error = (mean - y) * UNIT_DEG
    e, s = error[:, 0], sd[:, 0] * UNIT_DEG
    sure = s < 6
    print(f'{name}: {len(e)} frames, lumbar MAE {np.abs(e).mean():.2f}, bias {e.mean():+.2f}, median {np.median(np.abs(e)):.2f}, '
          f'80 % intervals hold {(np.abs(e) < 1.2816 * s).mean():.2f}; sd < 6: {sure.mean():.0%}, MAE {np.abs(e[sure]).mean():.2f}; '
          f'thoracic MAE {np.abs(error[:, 1]).mean():.2f}, yaw MAE {np.abs(error[:, 2]).mean():.2f}', flush=True)


def spine_scaling(x, drawn):
    """Of all inputs, the bent look last; the flag before it keeps its size."""
    mean, scale = scaling(x)
    mean[-1], scale[-1] = 0, 1
    return np.r_[mean, np.nanmean(drawn, 0)], np.r_[scale, np.nanstd(drawn, 0) + 1e-3]


def fit_spine(out, paths, start):
    x, truth, source, weight = load_all(paths)
    y, standing, body = truth[:, :3] / UNIT_DEG, truth[:, 3] > 0.5, truth[:, 4]
    held_out = share_of(body, 0) < HELD_OUT
    bent = BentLooks(x, truth, source)
    drawn = bent.draw(np.random.default_rng(0))[bent.lifter]
    starts, mean, scale = read(start) if start else ([None] * MEMBERS, *spine_scaling(x[~held_out], drawn[~held_out]))
    in_units = lambda looks: np.nan_to_num(scaled(looks, mean[WIDTH:], scale[WIDTH:]))
    z = np.concatenate([scaled(x, mean[:WIDTH], scale[:WIDTH]), in_units(drawn)], 1)

    def shown(rng):
        looks = in_units(bent.draw(rng))

        def show(v, rows):
            v[:, WIDTH - 1] = z[rows, WIDTH - 1]                    # the flag has no noise
            v[rng.random(len(v)) < NO_REFERENCE, LOOK:WIDTH] = 0
            v[:, WIDTH:] += looks[bent.lifter[rows]] - z[rows, WIDTH:]
            v[rng.random(len(v)) < NO_BENT, WIDTH:] = 0
        return show

    members, epochs = [], FURTHER_EPOCHS if start else SPINE_EPOCHS
    for seed, layers in enumerate(starts):
        chosen = ~held_out & (share_of(body, 1 + seed) > 0.1)       # every member has not seen a tenth of the bodies
        members.append(train(z, y, weight, np.flatnonzero(chosen), seed, SPINE_HIDDEN, epochs, TASK_WEIGHT, shown, layers))
    without = {'': [], ', without the bent look': [(WIDTH, None)], ', without standing': [(LOOK, WIDTH)]}
    for i, path in enumerate(paths):
        chosen = held_out & ~standing & (source == i)
        for name, hidden in without.items():
            seen = z[chosen]
            for first, end in hidden:
                seen[:, first:end] = 0
            report(f'{path}, unseen bodies{name}', *together(members, seen), y[chosen])
    write(out, members, mean, scale)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('network', choices=['axis', 'spine'])
    parser.add_argument('out')
    parser.add_argument('--from', dest='start', metavar='NETWORK.bin')
    parser.add_argument('features', nargs='+')
    given = parser.parse_args()
    {'axis': fit_axis, 'spine': fit_spine}[given.network](given.out, given.features, given.start)


if __name__ == '__main__':
    main()
