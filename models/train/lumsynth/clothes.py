"""Clothes as geometry: where each garment covers the skin, how thick it is, and the loose shirt as a draped shell.

Needs no graphics: the renderer and the silhouettes share it.
"""
import numpy as np
from scipy import sparse

from .geometry import normals, unit

# Metres of cloth below which a quad still carries the shirt's shell, so that the hem can be cut inside a quad.
SHELL_MARGIN = 0.06


def arm_reach(body, rest):
    """Distance along the arm from the shoulder, and the share of arm bones in each vertex."""
    H, W = body.head, body.W
    reach, share = np.zeros(len(rest)), np.zeros(len(rest))
    for side in 'LR':
        shoulder, elbow, wrist = H[f'upperarm01.{side}'], H[f'lowerarm01.{side}'], body.rigJ[f'wrist.{side}']
        above = (rest - shoulder) @ unit(elbow - shoulder)
        below = (rest - elbow) @ unit(wrist - elbow)
        w = W[:, [body.bi[x] for x in body.bones if x.endswith(side) and x.startswith(
            ('upperarm', 'lowerarm', 'wrist', 'metacarpal', 'finger'))]].sum(1)
        t = np.where(below > 0, np.linalg.norm(elbow - shoulder) + below, above)
        reach = np.where(w > share, t, reach)
        share = np.maximum(share, w)
    return reach, share


def shirt_hem_height(body, look):
    """Rest height of the shirt's hem."""
    H, s = body.head, body.stature / 1.75
    if look.get('tuck') and look['top'] in ('tshirt', 'tank', 'long'):
        return H['L5'][1]
    return {'tshirt': H['pelvis'][1] + 0.03 * s, 'tank': H['pelvis'][1] + 0.05 * s, 'crop': H['T10'][1] - 0.01,
            'long': H['pelvis'][1] + 0.02 * s, 'none': 99}[look['top']]


def garment_fields(body, look):
    """Per rest vertex, metres inside (> 0) the shirt, the shorts or leggings, the socks; and the share of arm."""
    r, H, s = body.rest, body.head, body.stature / 1.75
    reach, arm = arm_reach(body, r)
    sleeve = {'tshirt': 0.17, 'tank': 0.005, 'crop': 0.0, 'long': 9, 'none': -9}[look['top']] * s
    on_arm = np.clip(arm * 4, 0, 1)
    in_sleeve = (sleeve - reach) * on_arm + (1 - on_arm) * 0.08
    nk = H['neck01']
    neck = (nk[1] + 0.012 * s + (nk[2] - r[:, 2]) * 0.62) - r[:, 1]
    if look['top'] in ('tank', 'crop'):
        strap = np.abs(np.abs(r[:, 0]) - 0.085 * s)
        neck = np.where(r[:, 1] > nk[1] - 0.08 * s, np.minimum(neck, 0.035 * s - strap), neck)
    shirt = np.minimum(np.minimum(r[:, 1] - shirt_hem_height(body, look), in_sleeve), neck)
    knee, ankle = H['lowerleg01.L'][1], H['foot.L'][1]
    leg = {'shorts': knee + 0.13 * s, 'tights': knee + 0.20 * s, 'long_shorts': knee + 0.03 * s,
           'leggings': ankle + 0.06 * s, 'pants': ankle + 0.02 * s}[look['bottom']]
    short = np.minimum(H['L4'][1] - 0.01 * s - r[:, 1], r[:, 1] - leg)
    short = np.where(arm > 0.3, -0.05, short)          # in the rest pose the hands hang beside the hips
    sock = (ankle + look.get('sock_h', 0.06) * s) - r[:, 1]
    return np.stack([shirt, short, sock, arm], 1)


def garment_thickness(look, fields):
    """Metres by which the clothes push each vertex outwards."""
    shirt = np.where(fields[:, 0] > -0.01, look.get('shirt_t', 0.004), 0)
    short = np.where(fields[:, 1] > -0.01, look.get('short_t', 0.006), 0)
    thick = np.maximum(shirt, short * np.clip(0.4 + 0.6 * (1 - fields[:, 1] / 0.25), 0.4, 1.0))
    return np.minimum(thick, 0.003) if look.get('bottom') == 'leggings' else thick


class LooseShirt:
    """A shell that hangs `look['loose']` metres off the torso, least at the shoulders; sags, and is smoothed, over the pose."""

    def __init__(self, body, look, fields, quads):
        kept = quads[(fields[quads, 0] > -SHELL_MARGIN).all(1)]
        self.ids = np.unique(kept)
        index = -np.ones(body.base.nv, int)
        index[self.ids] = np.arange(len(self.ids))
        self.quads = index[kept]
        self.triangles = np.concatenate([self.quads[:, [0, 1, 2]], self.quads[:, [0, 2, 3]]])
        n = len(self.ids)
        e = np.sort(np.concatenate([self.quads[:, [k, (k + 1) % 4]] for k in range(4)]), 1)
        e = np.unique(e, axis=0)
        adjacent = sparse.csr_matrix((np.ones(2 * len(e)), (np.r_[e[:, 0], e[:, 1]], np.r_[e[:, 1], e[:, 0]])), (n, n))
        self.smooth = sparse.diags(1 / np.maximum(np.asarray(adjacent.sum(1)).ravel(), 1)) @ adjacent
        torso_bones = [body.bi[x] for x in body.bones if x[0] in 'LT' and x[1:].isdigit()] + [body.bi['pelvis']]
        torso = np.clip(body.W[self.ids][:, torso_bones].sum(1), 0, 1)
        top, low = body.head['T8'][1], body.head['L4'][1]
        down = np.clip((top - body.rest[self.ids, 1]) / (top - low), 0, 1.2)
        self.drape = look['loose'] * (0.25 + 0.75 * down) * (0.35 + 0.65 * torso)

    def posed(self, verts):
        """Shell vertices over the posed base vertices."""
        skin = verts[self.ids]
        n = normals(skin, self.triangles)
        x = skin + n * self.drape[:, None]
        x = x + np.clip(-n[:, 1:2], 0, 1) * np.array([[0, -1.0, 0]]) * self.drape[:, None] * 1.2
        for rounds, keep, gap in ((14, .45, .006), (2, .6, .005)):
            for _ in range(rounds):
                x = keep * x + (1 - keep) * (self.smooth @ x)
            off = np.einsum('ij,ij->i', x - skin, n)
            x = x + n * np.maximum(gap - off, 0)[:, None]
        return x
