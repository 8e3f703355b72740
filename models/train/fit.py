#!/usr/bin/env python3
"""Fits the spine network: fit.py OUT.bin FEATURES.f32 [FEATURES.f32 ...]

FEATURES.f32 are rows of `cargo run --release --no-default-features --example back_line_features`; the first file (rendered
stills, the pose network in the loop) counts RENDERED_WEIGHT times. An ensemble of small perceptrons, each trained on its own
draw of bodies with a Gaussian likelihood (Nix & Weigend 1994; ensembles: Lakshminarayanan et al. 2017, arXiv 1612.01474):
where the members disagree, nobody taught them, and the stated uncertainty grows.

HELD_OUT of the bodies are never trained on; the error on them is printed.
"""
import sys

import jax
import jax.numpy as jnp
import numpy as np

MEMBERS = 3
HIDDEN = (256, 128, 64)
EPOCHS = 17
BATCH = 256
LEARNING_RATE = 1.5e-3
DROPOUT = 0.05
INPUT_NOISE = 0.05         # standard deviations
WEIGHT_DECAY = 3e-2
NO_REFERENCE = 0.15        # share of samples that are shown without the standing look
RENDERED_WEIGHT = 2.0
HELD_OUT = 0.1
UNIT_DEG = 10.0
TRUTH = 6                  # lumbar, thoracic, yaw, standing, seed, seen
TASK_WEIGHT = (1.0, 0.5, 0.3)


def load(path, width):
    rows = np.fromfile(path, np.float32).reshape(-1, width + TRUTH)
    rows = rows[(rows[:, -1] > 0.5) & np.isfinite(rows).all(1)]
    x, truth = rows[:, :width], rows[:, width:]
    return x, truth[:, :3] / UNIT_DEG, truth[:, 3] > 0.5, truth[:, 4]


def share_of(body, salt):
    """A number in 0..1 for each body, always the same."""
    return np.abs(np.sin(body * 12.9898 + salt) * 43758.5453) % 1.0


def forward(layers, v, key=None):
    for i, (w, b) in enumerate(layers[:-1]):
        v = jax.nn.relu(v @ w.T + b)
        if key is not None:
            v *= jax.random.bernoulli(jax.random.fold_in(key, i), 1 - DROPOUT, v.shape) / (1 - DROPOUT)
    w, b = layers[-1]
    return v @ w.T + b


def loss(layers, v, truth, weight, key):
    out = forward(layers, v, key)
    log_sd = jnp.clip(out[:, 3:], -3, 2)
    z = jnp.abs(out[:, :3] - truth) / jnp.exp(log_sd)
    nll = log_sd + jnp.where(z < 3, 0.5 * z * z, 3 * z - 4.5)       # beyond 3 sd linear: one leap does not rule the fit
    return ((nll * jnp.array(TASK_WEIGHT)).sum(1) * weight).mean()


@jax.jit
def adam(layers, first, second, t, rate, batch, key):
    gradient = jax.grad(loss)(layers, *batch, key)
    first = jax.tree.map(lambda a, g: 0.9 * a + 0.1 * g, first, gradient)
    second = jax.tree.map(lambda a, g: 0.999 * a + 0.001 * g * g, second, gradient)
    step = lambda p, a, b: p - rate * (a / (1 - 0.9 ** t) / (jnp.sqrt(b / (1 - 0.999 ** t)) + 1e-8) + WEIGHT_DECAY * p * (p.ndim > 1))
    return jax.tree.map(step, layers, first, second), first, second


def train(z, y, weight, chosen, seed):
    rng, key = np.random.default_rng(seed), jax.random.PRNGKey(seed)
    width = z.shape[1]
    look = (width - 1) // 3
    sizes = (width, *HIDDEN, 2 * y.shape[1])
    layers = [(jnp.array(rng.normal(0, np.sqrt(2 / a), (b, a)), jnp.float32), jnp.zeros(b)) for a, b in zip(sizes, sizes[1:])]
    layers[-1] = (layers[-1][0] * 0.1, layers[-1][1])
    first = second = jax.tree.map(jnp.zeros_like, layers)
    t, steps = 0, EPOCHS * (len(chosen) // BATCH)
    for _ in range(EPOCHS):
        order = rng.permutation(chosen)
        for k in range(0, len(order) - BATCH + 1, BATCH):
            pick = order[k:k + BATCH]
            v = z[pick] + rng.normal(0, INPUT_NOISE, (BATCH, width)).astype(np.float32)
            v[:, -1] = z[pick, -1]
            v[rng.random(BATCH) < NO_REFERENCE, look:] = 0
            t += 1
            rate = LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * t / steps))
            layers, first, second = adam(layers, first, second, float(t), rate, (v, y[pick], weight[pick]), jax.random.fold_in(key, t))
    return layers


def together(members, z):
    """Mean and standard deviation of the ensemble's mixture."""
    outs = np.array([np.array(forward(m, z)) for m in members])
    mean, var = outs[:, :, :3], np.exp(2 * np.clip(outs[:, :, 3:], -3, 2))
    return mean.mean(0) * UNIT_DEG, np.sqrt(var.mean(0) + mean.var(0)) * UNIT_DEG


def report(name, mean, sd, y, chosen):
    error = mean - y * UNIT_DEG
    e, s = error[chosen, 0], sd[chosen, 0]
    sure = s < 6
    print(f'{name}: {len(e)} frames, lumbar MAE {np.abs(e).mean():.2f}, bias {e.mean():+.2f}, median {np.median(np.abs(e)):.2f}, '
          f'80 % intervals hold {(np.abs(e) < 1.2816 * s).mean():.2f}; sd < 6: {sure.mean():.0%}, MAE {np.abs(e[sure]).mean():.2f}; '
          f'thoracic MAE {np.abs(error[chosen, 1]).mean():.2f}, yaw MAE {np.abs(error[chosen, 2]).mean():.2f}', flush=True)


def main(out, width, *paths):
    parts = [load(p, width) for p in paths]
    x, y, standing, body = (np.concatenate(column) for column in zip(*parts))
    source = np.concatenate([np.full(len(p[0]), i) for i, p in enumerate(parts)])
    weight = np.where(source == 0, RENDERED_WEIGHT, 1.0).astype(np.float32)
    weight /= weight.mean()
    held_out = share_of(body, 0) < HELD_OUT
    mean, scale = x[~held_out].mean(0), x[~held_out].std(0) + 1e-3
    mean[-1], scale[-1] = 0, 1
    z = np.clip((x - mean) / scale, -5, 5).astype(np.float32)
    members = []
    for seed in range(MEMBERS):
        drawn = share_of(body, 1 + seed) > 0.1                      # every member has not seen a tenth of the bodies
        members.append(train(z, y, weight, np.flatnonzero(~held_out & drawn), seed))
    alone = z.copy()
    alone[:, (width - 1) // 3:] = 0
    for i, path in enumerate(paths):
        chosen = held_out & ~standing & (source == i)
        report(f'{path}, unseen bodies', *together(members, z), y, chosen)
        report(f'{path}, unseen bodies, without standing', *together(members, alone), y, chosen)
    with open(out, 'wb') as f:
        f.write(np.array([MEMBERS, len(HIDDEN) + 1, width, *HIDDEN, 6], '<u4').tobytes())
        arrays = [mean, scale] + [np.array(a) for m in members for layer in m for a in layer]
        for a in arrays:
            f.write(np.ascontiguousarray(a, '<f4').tobytes())


if __name__ == '__main__':
    main(sys.argv[1], 313, *sys.argv[2:])
