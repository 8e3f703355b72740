"""Clothes on a silhouette: the posed body's surface with cloth, belt, folds and a bulging hem, and the loose shirt's shell."""
import numpy as np

from lumsynth.clothes import LooseShirt, garment_fields, garment_thickness, shirt_hem_height
from lumsynth.geometry import normals


class Folds:
    """A smooth random function of the rest position, about -1 to 1, whose folds wander from pose to pose."""

    def __init__(self, rest, rng, waves=14):
        length = rng.uniform(.05, .18, waves)
        direction = rng.normal(size=(waves, 3)) * [1, .8, 1]
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        self.angle = rest @ (direction * (2 * np.pi / length)[:, None]).T
        self.phase = rng.uniform(0, 2 * np.pi, waves)
        self.waves = waves

    def at(self, rng):
        self.phase = self.phase + rng.normal(0, .5, self.waves)
        return np.cos(self.angle + self.phase).sum(1) * np.sqrt(2 / self.waves) / 2


class Wardrobe:
    """`quads`: body faces. `surfaces(verts, u, rng)` gives the polygons' corners of all that the camera sees of the lifter."""

    def __init__(self, body, look, rng):
        self.body, self.rng = body, rng
        faces = body.base.groups['body'][:, :, 0]
        self.quads = faces[np.array([len(set(q)) == 4 for q in faces])]
        self.triangles = np.concatenate([self.quads[:, [0, 1, 2]], self.quads[:, [0, 2, 3]]])
        self.fields = garment_fields(body, look)
        tight = look['bottom'] in ('leggings', 'tights')
        look = dict(look, shirt_t=rng.uniform(.002, .009), short_t=rng.uniform(.002, .004) if tight else rng.uniform(.004, .018))
        self.thickness = garment_thickness(look, self.fields)
        self.torso = np.clip(1 - 3 * self.fields[:, 3], 0, 1)
        self.belt = self._belt(rng) if rng.random() < .25 else np.zeros(body.base.nv)
        self.hem = self._hem(look, rng)
        in_shirt = np.clip(self.fields[:, 0] / .03, 0, 1)
        self.fold_size = rng.uniform(.0, .012) * in_shirt + rng.uniform(0, .007) * np.clip(self.fields[:, 1] / .03, 0, 1) * (not tight)
        self.folds = Folds(body.rest, rng)
        self.shirt = LooseShirt(body, look, self.fields, self.quads) if look.get('loose', 0) > 0 else None
        self.ride_up = rng.uniform(0, .09)

    def _belt(self, rng):
        """A lifting belt: 7 to 11 cm wide, 1 to 2 cm proud of the waist."""
        y, centre = self.body.rest[:, 1], self.body.head['L3'][1] + rng.normal(0, .015)
        half = rng.uniform(.035, .055)
        return rng.uniform(.008, .02) * self.torso / (1 + np.exp((np.abs(y - centre) - half) / .004))

    def _hem(self, look, rng):
        """Cloth that bunches above the hem, or over the waistband where the shirt is tucked in."""
        height = shirt_hem_height(self.body, look)
        if height > 5 or rng.random() < .3:
            return np.zeros(self.body.base.nv)
        at = height + rng.uniform(0, .07)
        return rng.uniform(.004, .03) * self.torso * np.exp(-((self.body.rest[:, 1] - at) / rng.uniform(.02, .05))**2)

    def surfaces(self, verts, u, rng):
        """Arrays (n, 4, 3) of world corners."""
        n = normals(verts, self.triangles)
        hem = self.hem * np.clip(rng.normal(.7 + .3 * u, .35), 0, 1.6)
        out = self.thickness + self.belt + np.maximum(hem, 0) + self.fold_size * self.folds.at(rng)
        outer = verts + n * out[:, None]
        corners = [outer[self.quads]]
        if self.shirt is not None:
            shell = self.shirt.posed(verts) + (n * (self.fold_size * 1.5 * self.folds.at(rng) + hem)[:, None])[self.shirt.ids]
            covered = (self.fields[self.shirt.ids, 0][self.shirt.quads] > self.ride_up * u).all(1)
            corners.append(shell[self.shirt.quads[covered]])
        return np.concatenate(corners)
