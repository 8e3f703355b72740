"""Ensembles of small perceptrons with a Gaussian likelihood (Nix & Weigend 1994; ensembles: Lakshminarayanan et al. 2017,
arXiv 1612.01474), trained by Adam, and the file that the program reads."""
import jax
import jax.numpy as jnp
import numpy as np

BATCH = 256
LEARNING_RATE, FURTHER_RATE = 1.5e-3, 3e-4      # from nothing; of a network that goes on from another one's weights
DROPOUT = 0.05
INPUT_NOISE = 0.05         # standard deviations
WEIGHT_DECAY = 3e-2
LOG_SD = (-4, 2)           # in units of the outputs


def share_of(body, salt):
    """A number in 0..1 for each body, always the same."""
    return np.abs(np.sin(body * 12.9898 + salt) * 43758.5453) % 1.0


def scaling(x):
    return x.mean(0), x.std(0) + 1e-3


def scaled(x, mean, scale):
    return np.clip((x - mean) / scale, -5, 5).astype(np.float32)


def forward(layers, v, key=None):
    for i, (w, b) in enumerate(layers[:-1]):
        v = jax.nn.relu(v @ w.T + b)
        if key is not None:
            v *= jax.random.bernoulli(jax.random.fold_in(key, i), 1 - DROPOUT, v.shape) / (1 - DROPOUT)
    w, b = layers[-1]
    return v @ w.T + b


def loss(layers, v, truth, weight, tasks, key):
    out, n = forward(layers, v, key), truth.shape[1]
    log_sd = jnp.clip(out[:, n:], *LOG_SD)
    z = jnp.abs(out[:, :n] - truth) / jnp.exp(log_sd)
    nll = log_sd + jnp.where(z < 3, 0.5 * z * z, 3 * z - 4.5)       # beyond 3 sd linear: one leap does not rule the fit
    return ((nll * tasks).sum(1) * weight).mean()


@jax.jit
def adam(layers, first, second, t, rate, batch, key):
    gradient = jax.grad(loss)(layers, *batch, key)
    first = jax.tree.map(lambda a, g: 0.9 * a + 0.1 * g, first, gradient)
    second = jax.tree.map(lambda a, g: 0.999 * a + 0.001 * g * g, second, gradient)
    step = lambda p, a, b: p - rate * (a / (1 - 0.9 ** t) / (jnp.sqrt(b / (1 - 0.999 ** t)) + 1e-8) + WEIGHT_DECAY * p * (p.ndim > 1))
    return jax.tree.map(step, layers, first, second), first, second


def fresh(sizes, rng):
    layers = [(jnp.array(rng.normal(0, np.sqrt(2 / a), (b, a)), jnp.float32), jnp.zeros(b)) for a, b in zip(sizes, sizes[1:])]
    layers[-1] = (layers[-1][0] * 0.1, layers[-1][1])
    return layers


def train(z, y, weight, chosen, seed, hidden, epochs, tasks, shown=None, start=None):
    """One member, trained on the rows `chosen`, from nothing or from the layers `start`. Each epoch `shown(rng)` may begin anew and
    give `show(batch, rows)`, which blanks or fills in inputs of the rows in place."""
    if len(chosen) < BATCH:
        raise SystemExit(f'{len(chosen)} rows are too few to train on (at least {BATCH}): make more lifters')
    rng, key = np.random.default_rng(seed), jax.random.PRNGKey(seed)
    tasks = jnp.array(tasks, jnp.float32)
    layers = start or fresh((z.shape[1], *hidden, 2 * y.shape[1]), rng)
    first = second = jax.tree.map(jnp.zeros_like, layers)
    t, steps = 0, epochs * (len(chosen) // BATCH)
    for _ in range(epochs):
        order = rng.permutation(chosen)
        show = shown(rng) if shown else None
        for k in range(0, len(order) - BATCH + 1, BATCH):
            pick = order[k:k + BATCH]
            v = z[pick] + rng.normal(0, INPUT_NOISE, (BATCH, z.shape[1])).astype(np.float32)
            if show:
                show(v, pick)
            t += 1
            rate = (FURTHER_RATE if start else LEARNING_RATE) * 0.5 * (1 + np.cos(np.pi * t / steps))
            batch = v, y[pick], weight[pick], tasks
            layers, first, second = adam(layers, first, second, float(t), rate, batch, jax.random.fold_in(key, t))
    return layers


def together(members, z):
    """Mean and standard deviation of the ensemble's mixture, in units of the outputs."""
    outs = np.array([np.array(forward(m, z)) for m in members])
    n = outs.shape[2] // 2
    mean, var = outs[:, :, :n], np.exp(2 * np.clip(outs[:, :, n:], *LOG_SD))
    return mean.mean(0), np.sqrt(var.mean(0) + mean.var(0))


def write(path, members, mean, scale):
    sizes = [members[0][0][0].shape[1]] + [w.shape[0] for w, _ in members[0]]
    with open(path, 'wb') as f:
        f.write(np.array([len(members), len(members[0]), *sizes], '<u4').tobytes())
        for a in [mean, scale] + [np.array(a) for m in members for layer in m for a in layer]:
            f.write(np.ascontiguousarray(a, '<f4').tobytes())


def read(path):
    """(members, mean, scale) of a file that `write` made."""
    raw = open(path, 'rb').read()
    count, depth = np.frombuffer(raw[:8], '<u4').astype(int)
    sizes = np.frombuffer(raw[8:], '<u4', depth + 1).astype(int)
    numbers = np.frombuffer(raw[8 + 4 * (depth + 1):], '<f4')
    shapes = [(sizes[0],)] * 2 + [shape for a, b in zip(sizes, sizes[1:]) for shape in ((b, a), (b,))] * count
    arrays = [part.reshape(shape) for part, shape in zip(np.split(numbers, np.cumsum([np.prod(s) for s in shapes])[:-1]), shapes)]
    layers = [(jnp.array(w), jnp.array(b)) for w, b in zip(arrays[2::2], arrays[3::2])]
    return [layers[k * depth:(k + 1) * depth] for k in range(count)], arrays[0], arrays[1]
