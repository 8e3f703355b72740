"""A lifter in a rendered room: one OpenGL scene, posed frame by frame."""
import cv2
import numpy as np

from lumsynth.body import Body
from lumsynth.character import Character
from lumsynth.geometry import ry
from lumsynth.lift import Lift
from lumsynth.render import Renderer, perspective
from lumsynth.scene import build_room, make_load, pin_rack, put_support, random_light, random_rack
from lumsynth.spec import sample_spec
from lumsynth.support import support
from stills import base_model

LIFTER_ID = 1               # of the lifter in the id picture


class Stage:
    """Built once a clip; `shoot` gives the picture and the area where the lifter is seen (half resolution)."""

    def __init__(self, lifter, rng, samples=0):
        spec, camera = lifter.spec, lifter.camera
        self.lifter = lifter
        self.renderer = Renderer(*camera.size, samples=samples)
        self.character = Character(self.renderer, lifter.body, spec['look'], rng)
        view = camera.direction[[0, 2]]
        build_room(self.renderer, rng, view, self._rack(rng) if spec['rack'] else None)
        under = support(lifter)
        if under:
            put_support(self.renderer, *under)
        self.load = make_load(self.renderer, rng, spec)
        self.light = random_light(rng, view)
        if spec['extra_person']:
            self._add_bystander(rng)
        self.projection = perspective(camera.focal_px, *camera.size)
        self.rng = np.random.default_rng([spec['seed'], 5])

    def _rack(self, rng):
        lift, spec = self.lifter.lift, self.lifter.spec
        if spec.get('blocks', {}).get('kind') == 'pins':
            return pin_rack(rng, self.lifter.resting(1.0)['bar'])
        if not lift.on_trunk or spec['plates']['n'] == 0:
            return random_rack(rng, None, lift.mid_z)
        return random_rack(rng, float(self.lifter.resting(0.0)['bar'][1]), lift.mid_z)

    def _add_bystander(self, rng):
        seed, direction = self.lifter.spec['seed'] + 100003, self.lifter.camera.direction
        spec = sample_spec(seed, dict(lift='deadlift'))
        body = Body(base_model(), spec['phenotype'], spec['stature'])
        info = Lift(body, spec['kin']).pose(dict(u=0.0, lumbar=0, thoracic=6, free=1.0))
        turn = ry(rng.uniform(0, 6.28))
        across = np.array([direction[2], 0, -direction[0]])
        shift = -direction * rng.uniform(1.5, 2.4) + across * rng.choice([-1, 1]) * rng.uniform(.6, 1.4)
        info['G'] = {k: turn @ R for k, R in info['G'].items()}
        info['P'] = {k: turn @ p + shift for k, p in info['P'].items()}
        info['override'] = {k: (turn @ R, rest, turn @ p + shift) for k, (R, rest, p) in info['override'].items()}
        Character(self.renderer, body, dict(spec['look'], loose=0), rng, id_=4).update(info)

    def shoot(self, info, frame=0):
        """(picture RGB, lifter's area, posed base vertices)"""
        spec, camera = self.lifter.spec, self.lifter.camera
        verts = self.character.update(info)
        if self.load:
            self.load.update(info['bar'], info['bar_dir'])
        rgb, ids = self.renderer.frame(self.projection @ camera.views[frame], camera.eyes[frame], self.light)
        if spec['blur'] > 0:
            rgb = cv2.GaussianBlur(rgb, (0, 0), spec['blur'])
        if spec['sensor_noise'] > 0:
            grain = self.rng.normal(0, spec['sensor_noise'], rgb.shape[:2] + (1,)).astype(np.int16).repeat(3, 2)
            rgb = cv2.add(rgb, grain, dtype=cv2.CV_8U)
        return np.ascontiguousarray(rgb), ids == LIFTER_ID, verts

    @property
    def near_rim(self):
        """See `Barbell`; None where no plate is."""
        return self.load.near_rim if self.load else None

    def close(self):
        self.renderer.clear()
        self.renderer.ctx.release()
