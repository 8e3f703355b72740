"""Rotations (radians, right-handed), mesh normals, surface subdivision."""
import numpy as np
from scipy import sparse


def rx(a):
    c, s = np.cos(a), np.sin(a)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def ry(a):
    c, s = np.cos(a), np.sin(a)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def rz(a):
    c, s = np.cos(a), np.sin(a)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def unit(v):
    return v / max(np.linalg.norm(v), 1e-12)


def frame(axis, hinge):
    """Right-handed orthonormal frame whose first axis is `axis`, second is `hinge` made orthogonal to it."""
    a = unit(axis)
    h = unit(hinge - a * (hinge @ a))
    return np.stack([a, h, np.cross(a, h)], axis=1)


def axis_angle(axis, ang):
    a = unit(axis)
    K = np.array([[0, -a[2], a[1]], [a[2], 0, -a[0]], [-a[1], a[0], 0]])
    return np.eye(3) + np.sin(ang) * K + (1 - np.cos(ang)) * K @ K


def log_rot(R):
    c = np.clip((np.trace(R) - 1) / 2, -1, 1)
    a = np.arccos(c)
    if a < 1e-7:
        return np.zeros(3)
    return np.array([R[2, 1] - R[1, 2], R[0, 2] - R[2, 0], R[1, 0] - R[0, 1]]) * a / (2 * np.sin(a) + 1e-12)


def frac_rot(R, t):
    w = log_rot(R)
    n = np.linalg.norm(w)
    return np.eye(3) if n < 1e-9 else axis_angle(w, n * t)


def look_at(eye, target, roll=0.0):
    """World -> camera (OpenGL convention: camera looks along -Z, Y up)."""
    f = target - eye
    f = f / np.linalg.norm(f)
    s = np.cross(f, [0, 1, 0])
    s = s / np.linalg.norm(s)
    u = np.cross(s, f)
    c, si = np.cos(roll), np.sin(roll)
    s, u = c * s + si * u, -si * s + c * u
    R = np.stack([s, u, -f])
    M = np.eye(4)
    M[:3, :3] = R
    M[:3, 3] = -R @ eye
    return M


def normals(v, f):
    a, b, c = v[f[:, 0]], v[f[:, 1]], v[f[:, 2]]
    fn = np.cross(b - a, c - a)
    n = np.zeros_like(v)
    for k in range(3):
        for j in range(3):
            n[:, j] += np.bincount(f[:, k], fn[:, j], minlength=len(v))
    return n / (np.linalg.norm(n, axis=1, keepdims=True) + 1e-12)


def catmull_clark(nv, quads):
    """One Catmull-Clark step -> (sparse matrix new <- old, quads). quads: (F,4) index array."""
    F = len(quads)
    e = np.concatenate([quads[:, [0, 1]], quads[:, [1, 2]], quads[:, [2, 3]], quads[:, [3, 0]]])
    es = np.sort(e, 1)
    uniq, inv, cnt = np.unique(es, axis=0, return_inverse=True, return_counts=True)
    inv = inv.reshape(-1)
    E = len(uniq)
    fidx = np.tile(np.arange(F), 4)
    used = np.zeros(nv, bool)
    used[quads] = True
    # face points
    Ff = sparse.csr_matrix((np.full(4 * F, .25), (np.repeat(np.arange(F), 4), quads.ravel())), (F, nv))
    # edge points: interior (v0+v1+f0+f1)/4, boundary (v0+v1)/2
    Em = sparse.csr_matrix((np.full(2 * E, .5), (np.repeat(np.arange(E), 2), uniq.ravel())), (E, nv))
    EF = sparse.csr_matrix((np.ones(4 * F), (inv, fidx)), (E, F))
    inner = (cnt == 2).astype(float)
    Di = sparse.diags(inner)
    Ef = 0.5 * Em + 0.5 * (sparse.diags(0.5 * np.ones(E)) @ EF @ Ff)
    Epts = Di @ Ef + sparse.diags(1 - inner) @ Em
    # vertex points
    VF = sparse.csr_matrix((np.ones(4 * F), (quads.ravel(), np.repeat(np.arange(F), 4))), (nv, F))
    VE = sparse.csr_matrix((np.ones(2 * E), (uniq.ravel(), np.repeat(np.arange(E), 2))), (nv, E))
    n = np.asarray(VF.sum(1)).ravel()
    nn = np.maximum(n, 1)
    bnd = np.zeros(nv, bool)
    bnd[uniq[cnt == 1].ravel()] = True
    ne = np.maximum(np.asarray(VE.sum(1)).ravel(), 1)
    Q = sparse.diags(1 / nn) @ VF @ Ff
    Rm = sparse.diags(1 / ne) @ VE @ Em
    I = sparse.identity(nv)
    V_in = sparse.diags(1 / nn) @ Q + sparse.diags(2 / nn) @ Rm + sparse.diags((nn - 3) / nn) @ I
    be = (cnt == 1).astype(float)
    VEb = VE @ sparse.diags(be)
    nb = np.maximum(np.asarray(VEb.sum(1)).ravel(), 1)
    V_bd = 0.5 * I + 0.5 * (sparse.diags(1 / nb) @ VEb @ Em)
    sel = (used & ~bnd & (n > 2)).astype(float)
    selb = (used & bnd).astype(float)
    V = sparse.diags(sel) @ V_in + sparse.diags(selb) @ V_bd + sparse.diags(1 - sel - selb) @ I
    M = sparse.vstack([V, Epts, Ff]).tocsr()
    ei = inv.reshape(4, F)
    q = []
    for k in range(4):
        q.append(np.stack([quads[:, k], nv + ei[k], nv + E + np.arange(F), nv + ei[(k + 3) % 4]], 1))
    return M, np.concatenate(q)


def tri(q):
    t = np.concatenate([q[:, [0, 1, 2]], q[:, [0, 2, 3]]])
    return t[(t[:, 0] != t[:, 1]) & (t[:, 1] != t[:, 2]) & (t[:, 0] != t[:, 2])]
