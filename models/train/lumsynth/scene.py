"""Gym-like surroundings, barbell, camera and lights."""
import numpy as np

from .geometry import rx
from .lift import BAR_R, PLATE_R
from .render import Mesh, box, cylinder, join, tile_noise
from .spec import hsv



def floor_tex(rng, kind, n=512):
    a, c = tile_noise(rng, n, beta=0.3), tile_noise(rng, n, beta=1.2)
    if kind == 'rubber':
        t = np.full((n, n, 3), rng.uniform(.13, .24)) * (0.8 + 0.4 * a[..., None])
        sp = rng.random((n, n)) < rng.uniform(.004, .02)
        t[sp] = hsv(rng.random(), rng.uniform(0, .5), .65)
        t[::128] *= .6
        t[:, ::128] *= .6
    elif kind == 'wood':
        t = np.ones((n, n, 3)) * np.array([.55, .38, .24]) * rng.uniform(.7, 1.25)
        k = n // 8
        for i in range(8):
            t[i * k:(i + 1) * k] *= rng.uniform(.82, 1.12)
            sh = rng.integers(n)
            t[i * k:(i + 1) * k, sh:sh + 2] *= .55
            t[i * k:i * k + 2] *= .6
        g = tile_noise(rng, n, beta=.8)
        g = np.repeat(g[:, ::8], 8, 1)
        t *= (0.82 + 0.36 * g[..., None])
    elif kind == 'carpet':
        t = hsv(rng.random(), rng.uniform(.1, .4), rng.uniform(.3, .6)) * (0.7 + 0.6 * a[..., None])
    else:
        t = np.full((n, n, 3), rng.uniform(.38, .6)) * (0.78 + 0.28 * c[..., None] + 0.14 * a[..., None])
    return np.clip(t, 0, 1)


def wall_tex(rng, kind, n=512):
    a, c = tile_noise(rng, n, beta=0.3), tile_noise(rng, n, beta=1.3)
    base = hsv(rng.random(), rng.uniform(0, .30), rng.uniform(.45, .92))
    if kind == 'brick':
        base = hsv(rng.uniform(.0, .06), rng.uniform(.1, .6), rng.uniform(.35, .75))
        t = np.ones((n, n, 3)) * base
        bh, bw = n // 16, n // 6
        for i in range(16):
            for j in range(-1, 7):
                x0 = j * bw + (bw // 2 if i % 2 else 0)
                xs = slice(max(x0, 0), max(min(x0 + bw - 5, n), 0))
                t[i * bh:(i + 1) * bh - 5, xs] *= rng.uniform(.75, 1.15)
            t[(i + 1) * bh - 5:(i + 1) * bh] = base * .5 + .35
            for j in range(-1, 7):
                x0 = j * bw + (bw // 2 if i % 2 else 0) + bw - 5
                t[i * bh:(i + 1) * bh, max(x0, 0):max(min(x0 + 5, n), 0)] = base * .5 + .35
        t *= (0.85 + .3 * a[..., None])
    elif kind == 'panel':
        t = np.ones((n, n, 3)) * base * (0.93 + .14 * c[..., None])
        for k in range(0, n, n // 4):
            t[:, k:k + 4] *= .55
        h = int(rng.uniform(.25, .6) * n)
        t[h:] *= rng.uniform(.45, .9)
    elif kind == 'mirror':
        t = np.ones((n, n, 3)) * np.array([.55, .6, .62]) * (0.6 + 0.5 * np.linspace(0, 1, n)[:, None, None]) * (.9 + .2 * c[..., None])
        for k in range(0, n, n // 3):
            t[:, k:k + 3] *= .4
    else:
        t = np.ones((n, n, 3)) * base * (0.90 + .16 * c[..., None] + .04 * a[..., None])
        if rng.random() < .5:
            h = int(rng.uniform(.55, .75) * n)
            t[h:] *= hsv(rng.random(), .3, .7)
    return np.clip(t, 0, 1)


def quad(c, u, v, n, su, sv):
    c, u, v = (np.asarray(x, float) for x in (c, u, v))
    p = np.array([c - u - v, c + u - v, c + u + v, c - u + v])
    return p, np.array([[0, 1, 2], [0, 2, 3]]), np.tile(np.asarray(n, float), (4, 1)), np.array([[0, 0], [su, 0], [su, sv], [0, sv]], float)


def add(R, part, **k):
    m = Mesh(R, part[1], pos=part[0], nrm=part[2], uv=part[3], **k)
    R.meshes.append(m)
    return m


def build_room(R, rng, cam_dir, rack=None):
    """Floor, walls around the lifter, and clutter on the far side from the camera.
    cam_dir: unit vector (x, z) from the lifter to the camera."""
    _floor(R, rng)
    # axis aligned in a room turned at random about the view
    ang = np.arctan2(cam_dir[0], cam_dir[1]) + rng.normal(0, .12)
    fwd = -np.array([np.sin(ang), 0, np.cos(ang)])
    rgt = np.array([-fwd[2], 0, fwd[0]])
    depth = _walls(R, rng, fwd, rgt)
    _posters(R, rng, fwd, rgt, depth)
    _clutter(R, rng, fwd, rgt, depth)
    if rack:
        _rack(R, rack)


def _floor(R, rng, half=7.0):
    kind = rng.choice(['rubber', 'wood', 'concrete', 'carpet'], p=[.5, .2, .2, .1])
    tiles = 2 * half * {'rubber': 1.0, 'wood': .8, 'concrete': .4, 'carpet': 1.6}[kind]
    add(R, quad([0, 0, 0], [half, 0, 0], [0, 0, -half], [0, 1, 0], tiles, tiles), tex=R.texture(floor_tex(rng, kind)), bg=True, shadow=False)
    if rng.random() < .5:                     # a platform mat under the lifter
        col = hsv(rng.random(), rng.uniform(0, .4), rng.uniform(.12, .5))
        add(R, quad([0, .004, 0], [1.3, 0, 0], [0, 0, -1.1], [0, 1, 0], 2.6, 2.2), tex=R.texture(floor_tex(rng, 'rubber')),
            color=np.clip(col * 2.2, 0, 1), bg=True, shadow=False)


def _walls(R, rng, fwd, rgt):
    """The far wall, two sides and the ceiling; returns the distance of the far wall."""
    depth, height = max(rng.uniform(1.7, 4.0), 1.75), rng.uniform(2.6, 3.6)
    up = [0, height / 2, 0]

    def wall(centre, along, normal):
        kind = rng.choice(['brick', 'panel', 'paint', 'mirror'], p=[.25, .25, .4, .1])
        add(R, quad(centre + up, along * 7, up, normal, 14 / 2.5, height / 2.5), tex=R.texture(wall_tex(rng, kind)), bg=True, shadow=False,
            recv=False)
    wall(fwd * depth, rgt, -fwd)
    for sign in (-1, 1):
        wall(sign * rgt * rng.uniform(2.6, 5.0), fwd, -sign * rgt)
    add(R, quad([0, height, 0], rgt * 8, fwd * 8, [0, -1, 0], 8, 8), color=(.85, .85, .83), bg=True, shadow=False, recv=False,
        emis=rng.uniform(0, .5))
    return depth


def _posters(R, rng, fwd, rgt, depth):
    """Posters and windows, each a little in front of the last."""
    for i in range(rng.integers(0, 4)):
        c = fwd * (depth - .03 - .008 * i) + rgt * rng.uniform(-2.5, 2.5) + [0, rng.uniform(1.2, 2.2), 0]
        w, h = rng.uniform(.25, .7), rng.uniform(.25, .6)
        part = quad(c, rgt * w, [0, h, 0], -fwd, 1, 1)
        if rng.random() < .4:
            add(R, part, color=(.9, .95, 1), emis=rng.uniform(.8, 2.0), bg=True, shadow=False, recv=False)
            continue
        n = 64
        image = np.ones((n, n, 3)) * hsv(rng.random(), rng.uniform(0, .8), rng.uniform(.2, .9))
        for _ in range(6):
            y, x = rng.integers(0, n, 2)
            image[y:y + rng.integers(4, 24), x:x + rng.integers(4, 40)] = hsv(rng.random(), rng.uniform(0, .9), rng.uniform(.1, 1))
        add(R, part, tex=R.texture(image), bg=True, shadow=False, recv=False)


def _clutter(R, rng, fwd, rgt, depth):
    turn = np.stack([rgt, [0, 1, 0], fwd], 1)

    def put(parts, pos, color):
        v, f, n, uv = join(parts)
        add(R, (v @ turn.T + pos, f, n @ turn.T, uv), color=color, bg=True)
    for _ in range(rng.integers(1, 5)):
        kind = rng.choice(['dumbbells', 'bench', 'box', 'tree', 'locker'])
        pos = fwd * rng.uniform(1.25, max(depth - .5, 1.3)) + rgt * rng.uniform(-2.4, 2.4)
        if kind == 'dumbbells':
            shelves = [box([0, .35 + .35 * j, 0], [1.5, .04, .35]) for j in range(3)]
            put(shelves + [box([s * .75, .55, 0], [.06, 1.1, .35]) for s in (-1, 1)], pos, hsv(rng.random(), rng.uniform(0, .5), rng.uniform(.1, .5)))
            bells = [(-.6 + .24 * i, .45 + .35 * j) for i in range(6) for j in range(3)]
            put([cylinder([x, y, -.12], [x, y, .12], .07, 12) for x, y in bells], pos, (.13, .13, .14))
        elif kind == 'bench':
            put([box([0, .42, 0], [1.2, .08, .3])], pos, hsv(rng.random(), .5, .25))
            put([box([s * .45, .2, 0], [.06, .4, .4]) for s in (-1, 1)], pos, (.3, .3, .32))
        elif kind == 'box':
            s = rng.uniform(.35, .7)
            put([box([0, s / 2, 0], [s * 1.3, s, s])], pos, hsv(rng.uniform(.05, .12), .4, .6))
        elif kind == 'tree':
            discs = [cylinder([0, .3 + .25 * j, -.06 * (1 + j % 2)], [0, .3 + .25 * j, .06], .2 - .03 * j, 24) for j in range(4)]
            put([cylinder([0, 0, 0], [0, 1.1, 0], .04, 12), *discs], pos, hsv(rng.random(), rng.uniform(0, .8), rng.uniform(.1, .5)))
        else:
            put([box([.42 * i, .9, 0], [.40, 1.8, .4]) for i in range(3)], fwd * (depth - .25) + rgt * rng.uniform(-2.4, 2.0),
                hsv(rng.random(), rng.uniform(0, .6), rng.uniform(.25, .7)))


def random_rack(rng, hook_y, mid_z):
    """A squat rack in front of the lifter, hooks at the bar's height; with hook_y None a rack that merely stands about."""
    squat = hook_y is not None
    return dict(w=float(rng.uniform(.54, .62)), z0=.34 + mid_z + .09 if squat else .9, z1=-.75 if squat else 1.6, h=float(rng.uniform(2.0, 2.4)),
                four=bool(rng.random() < .55), hook_y=hook_y, safety_y=.55 if rng.random() < .5 else None,
                color=hsv(rng.random(), rng.uniform(0, .8), rng.uniform(.08, .6)))


def pin_rack(rng, bar):
    """A rack about the lifter whose pins carry the bar."""
    return dict(w=.58, z0=bar[2] + rng.uniform(.3, .6), z1=bar[2] - rng.uniform(.5, .8), h=float(rng.uniform(2.0, 2.4)), four=True, hook_y=None,
                safety_y=float(bar[1]) - BAR_R - .025, color=hsv(rng.random(), rng.uniform(0, .8), rng.uniform(.08, .6)))


def put_support(R, part, color):
    """Seat or blocks, see `lumsynth/support.py`."""
    add(R, part, kind=2, color=color, spec=.08, id=3)


def _rack(R, rack):
    w, z0, z1, h = rack['w'], rack['z0'], rack['z1'], rack['h']
    middle, length = (z0 + z1) / 2, abs(z1 - z0)
    parts = [box([0, h, z1 if rack['four'] else z0], [2 * w, .06, .06])]
    for x in (-w, w):
        parts += [box([x, h / 2, z], [.06, h, .06]) for z in ((z0, z1) if rack['four'] else (z0,))]
        parts.append(box([x, .03, middle], [.06, .06, length + .3]))
        if rack['four']:
            parts.append(box([x, h, middle], [.06, .06, length]))
        if rack['hook_y']:
            parts.append(box([x, rack['hook_y'] - .05, z0 - np.sign(z0 - z1) * .06], [.05, .07, .10]))
        if rack['safety_y'] and rack['four']:
            parts.append(box([x, rack['safety_y'], middle], [.05, .05, length]))
    add(R, join(parts), kind=2, color=rack['color'], spec=.15, id=3)


class Iron:
    """Parts that move together. `near_rim`: see `Barbell`; None without a plate at the end."""
    near_rim = None

    def __init__(self, R):
        self.R, self.meshes = R, []

    def _register(self, part, color, spec, gloss):
        mesh = Mesh(self.R, part[1], pos=part[0], nrm=part[2], uv=part[3], kind=2, color=color, spec=spec, gloss=gloss, id=2)
        self.R.meshes.append(mesh)
        self.meshes.append((mesh, part[0], part[2]))

    def update(self, centre, along):
        """Moves it; a bar rolls with its height, as one on the floor would."""
        x = along / np.linalg.norm(along)
        z = np.cross(x, [0, 1, 0] if abs(x[1]) < .9 else [1, 0, 0])
        z /= np.linalg.norm(z)
        turn = np.stack([x, np.cross(z, x), z], 1) @ rx(0.3 * centre[2] / PLATE_R)
        for mesh, pos, nrm in self.meshes:
            mesh.update(pos @ turn.T + centre, nrm @ turn.T)


class Dumbbell(Iron):
    """Two round heads and a handle."""

    def __init__(self, R, rng):
        super().__init__(R)
        head, half, thick = rng.uniform(.05, .09), rng.uniform(.07, .09), rng.uniform(.06, .12)
        heads = [cylinder([s * half, 0, 0], [s * (half + thick), 0, 0], head, 24) for s in (-1, 1)]
        self._register(join(heads), hsv(rng.random(), rng.uniform(0, .7), rng.uniform(.08, .4)), .12, 12)
        self._register(cylinder([-half, 0, 0], [half, 0, 0], .016, 16), (.42, .42, .44), .45, 40)


def make_load(R, rng, spec):
    """What the lifter holds, or None."""
    load = spec['kin'].get('load', 'back')
    return None if load == 'none' else Dumbbell(R, rng) if load == 'goblet' else Barbell(R, rng, spec['plates'])


class Barbell(Iron):
    """plates: dict(r: radius in metres, n: a side, colors)."""

    def __init__(self, R, rng, plates):
        super().__init__(R)
        n, colors = plates['n'], plates['colors']
        metal, hubs, discs = [cylinder([-.655, 0, 0], [.655, 0, 0], BAR_R, 16)], [], [[] for _ in range(n)]
        radii = [plates['r'] * (1 if i == 0 else rng.choice([1, 1, .72])) for i in range(n)]
        for sx in (-1, 1):
            metal.append(cylinder([sx * .655, 0, 0], [sx * .675, 0, 0], .036, 20))
            metal.append(cylinder([sx * .675, 0, 0], [sx * 1.10, 0, 0], .025, 20))
            x = .677
            for i, r in enumerate(radii):
                thick = (.055, .045, .035)[i % 3]
                a, b = sx * x, sx * (x + thick)
                discs[i] += [cylinder([a, 0, 0], [b, 0, 0], r, 56), cylinder([a, 0, 0], [b + sx * .004, 0, 0], r * .86, 56)]
                hubs.append(cylinder([a, 0, 0], [b + sx * .008, 0, 0], r * .42, 40))
                if r == plates['r']:
                    self.near_rim = abs(b)      # middle of the bar to the outer face of the outermost of the largest plates
                x += thick + .003
            metal.append(cylinder([sx * x, 0, 0], [sx * (x + .03), 0, 0], .04, 20))
        self._register(join(metal), (.42, .42, .44), .45, 40)
        for i, parts in enumerate(discs):
            self._register(join(parts), colors[i % len(colors)], .12, 12)
        self._register(join(hubs), np.clip(np.asarray(colors[0]) * .5 + .12, 0, 1), .2, 20)


def random_light(rng, cam_dir):
    az = np.arctan2(cam_dir[0], cam_dir[1]) + rng.uniform(-1.3, 1.3)
    el = rng.uniform(.75, 1.3)
    k = np.array([np.sin(az) * np.cos(el), np.sin(el), np.cos(az) * np.cos(el)])
    f = np.array([np.sin(az + 2.2), .35, np.cos(az + 2.2)])
    warm = rng.uniform(-1, 1)
    wb = np.array([1 + .08 * warm, 1, 1 - .10 * warm])
    ks = rng.uniform(1.1, 2.3)
    am = rng.uniform(.5, 1.0)
    return dict(key_dir=k, key_col=ks * wb, fill_dir=f / np.linalg.norm(f), fill_col=rng.uniform(.15, .45) * wb[::-1],
                amb_up=am * np.array([.98, 1, 1.03]), amb_dn=am * .55 * np.array([1.03, 1, .95]),
                exposure=rng.uniform(.75, 1.05) * 1.25 / (.35 * ks + am), sky=(.5, .52, .55), centre=np.array([0, .9, 0]), half=2.4)
