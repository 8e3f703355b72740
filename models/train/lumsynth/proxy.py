"""MakeHuman accessories (.mhclo): hair, eyebrows, shoes."""
import os

import numpy as np
from scipy import sparse

from .body import Body, load_obj, skin_with


class Proxy:
    """A MakeHuman .mhclo accessory (hair, shoes, clothes) fitted to a Body and skinned with its weights."""

    def __init__(self, body: Body, folder):
        name = os.path.basename(folder)
        f = os.path.join(folder, name + '.mhclo')
        v, self.vt, groups = load_obj(os.path.join(folder, name + '.obj'))
        self.faces = np.concatenate([g for g in groups.values() if len(g)])
        refs, offs, ws, scale, delete = [], [], [], {}, []
        mode = None
        for l in open(f, encoding='utf8'):
            t = l.split()
            if not t or t[0].startswith('#'):
                continue
            if t[0] in ('x_scale', 'y_scale', 'z_scale'):
                scale[t[0][0]] = (int(t[1]), int(t[2]), float(t[3]))
            elif t[0] == 'verts':
                mode = 'v'
            elif t[0] == 'delete_verts':
                mode = 'd'
            elif mode == 'v' and (t[0].lstrip('-').isdigit()):
                if len(t) == 1:
                    refs.append([int(t[0])] * 3), ws.append([1, 0, 0]), offs.append([0, 0, 0])
                else:
                    refs.append([int(x) for x in t[:3]])
                    ws.append([float(x) for x in t[3:6]])
                    offs.append([float(x) for x in t[6:9]] if len(t) >= 9 else [0, 0, 0])
            elif mode == 'd':
                for i, x in enumerate(t):
                    if x == '-':
                        delete += list(range(int(t[i - 1]), int(t[i + 1]) + 1))
                    elif x.isdigit():
                        delete.append(int(x))
        refs, ws, offs = np.array(refs), np.array(ws), np.array(offs)
        r = body.rest
        sc = np.ones(3)
        for i, ax in enumerate('xyz'):
            if ax in scale:
                a, b, d = scale[ax]
                sc[i] = abs(r[a, i] - r[b, i]) / d      # rest is in metres, d in decimetres
        self.rest = np.einsum('nk,nkj->nj', ws, r[refs]) + offs * sc
        Wd = np.clip(ws, 0, None)
        Wd /= Wd.sum(1, keepdims=True)
        W = sum(Wd[:, k:k + 1] * body.W[refs[:, k]] for k in range(3))
        self.Ws = sparse.csr_matrix(W)
        self.delete = np.array(sorted(set(delete)), int)
        self.body, self.folder, self.name = body, folder, name

    def skin(self, bone_matrix):
        return skin_with(self.Ws, self.rest, bone_matrix)
