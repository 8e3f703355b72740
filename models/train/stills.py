"""One training lifter: a body, a lift, a camera, and a list of random poses (stills, not a movement)."""
from dataclasses import dataclass, field

import numpy as np

from lumsynth.body import BaseModel, Body
from lumsynth.camera import make_camera
from lumsynth.lift import Lift
from lumsynth.spec import FLOOR_LIFTS, carry_in_front, pull_off, sample_spec, sit_on
from lumsynth.truth import LandmarkMap, angles

FRONT_SHARE, FRONT_LOADS = .45, ['front', 'goblet', 'none']     # of the squats; …
FRONT_SEEDS = range(20000, 30000)                               # … and of these lifters all do such squats
SEAT_SHARE, SEATS = .3, ['box', 'bench', 'stool', 'chair']      # of the squats but these and those with a bar on the shoulders
BLOCK_SHARE, BLOCKS = .35, ['blocks', 'mats', 'pins']           # of the pulls off the floor

_BASE = []


def base_model():
    if not _BASE:
        _BASE.append(BaseModel())
    return _BASE[0]


@dataclass
class Still:
    """One pose to take. `bar_held` is False while the bar still lies on the floor."""
    state: dict
    standing: bool
    bar_held: bool


@dataclass
class Lifter:
    spec: dict
    body: Body
    lift: Lift
    camera: object
    landmark_map: LandmarkMap
    floor_bar: np.ndarray = field(default=None)

    def resting(self, u):
        """At phase u, the back as in standing."""
        return self.lift.pose(dict(u=u, lumbar=self.spec['stand_lumbar'], thoracic=self.spec['stand_thoracic']))

    def pose(self, still):
        info = self.lift.pose(still.state)
        if not still.bar_held:
            info['bar'], info['bar_dir'] = self.floor_bar, np.array([1.0, 0, 0])
        return info


def make_lifter(spec, rng):
    body = Body(base_model(), spec['phenotype'], spec['stature'])
    kin = dict(spec['kin'], lumbar_share=np.array(spec['lumbar_share']), thoracic0=spec['stand_thoracic'])
    if 'knee_b' in kin:
        kin['knee_b'] *= rng.uniform(.85, 1.1)
    lift = Lift(body, kin)
    camera = make_camera(spec, rng, np.zeros(1), lift.mid_z)
    lifter = Lifter(spec, body, lift, camera, LandmarkMap(body))
    if spec['lift'] in FLOOR_LIFTS:
        lifter.floor_bar = lifter.resting(1.0)['bar'].copy()
    return lifter


def stills_spec(seed, rng):
    """A spec without what stills do not need; yaw spread over the whole range that is trained."""
    in_front = seed in FRONT_SEEDS
    spec = sample_spec(seed, dict(lift='squat') if in_front else None)
    if spec['lift'] == 'squat' and rng.random() < (1 if in_front else FRONT_SHARE):
        carry_in_front(spec, str(rng.choice(FRONT_LOADS)))
    if not in_front:
        _with_support(spec, np.random.default_rng([seed, 43]))
    yaw = rng.uniform(-42, 42) if rng.random() < .6 else np.clip(rng.normal(0, 12), -40, 40)
    spec.update(handheld=0.0, walk=False, extra_person=False, yaw=float(yaw))
    return spec


def _with_support(spec, rng):
    chance = rng.random()
    if spec['lift'] == 'squat' and spec['kin'].get('load') != 'front' and chance < SEAT_SHARE:
        sit_on(spec, str(rng.choice(SEATS)))
    elif spec['lift'] in FLOOR_LIFTS and chance < BLOCK_SHARE:
        pull_off(spec, str(rng.choice(BLOCKS)))


def random_stills(spec, rng, n_standing, n_moving):
    """Standing frames, then random phases with lumbar and thoracic flexion drawn apart from each other."""
    stills = [_still(spec, rng, True) for _ in range(n_standing)]
    return stills + [_still(spec, rng, False) for _ in range(n_moving)]


def _still(spec, rng, standing):
    if standing:
        u, lumbar, thoracic = 0.0, rng.normal(0, .6), rng.normal(0, .8)
    else:
        u = 1.0 if rng.random() < .2 else float(rng.random()**.85)
        amount = min(1, .25 + u * 1.2)                   # an upright trunk is seldom far from its standing shape
        lumbar = (rng.uniform(-18, 55) if rng.random() < .8 else rng.normal(2, 4)) * amount
        thoracic = (rng.normal(4, 9) + (rng.random() < .12) * 20) * amount
    on_floor = standing and spec['lift'] in FLOOR_LIFTS and rng.random() < .6
    state = dict(u=u, lumbar=spec['stand_lumbar'] + lumbar, thoracic=spec['stand_thoracic'] + thoracic, roll=rng.normal(0, .6),
                 yaw=rng.normal(0, .8) + spec['yaw_asym'], dx=rng.normal(0, .004), dz=rng.normal(0, .004), head=rng.normal(0, 4),
                 dpitch=rng.normal(0, .3 if standing else 1.5), free=1.0 if on_floor else 0.0)
    return Still(state, standing, not on_floor)


def truth_row(lifter, still, info, landmarks_px):
    """Row of the truth CSV, without its time."""
    spec, a = lifter.spec, angles(lifter.body, info)
    row = dict(lumbar_flexion_deg=round(a['lumbar'] - spec['stand_lumbar'], 3),
               thoracic_flexion_deg=round(a['thoracic'] - spec['stand_thoracic'], 3), standing=int(still.standing),
               yaw_deg=round(spec['yaw'], 2), lift=spec['lift'], seed=spec['seed'], u=round(still.state['u'], 3),
               loose_m=round(float(spec['look'].get('loose') or 0), 3), plate_r_m=spec['plates']['r'])
    for name, (left, right) in dict(hip=(23, 24), shoulder=(11, 12), knee=(25, 26), ankle=(27, 28)).items():
        x, y = landmarks_px[[left, right]].mean(0)
        row[name + '_x'], row[name + '_y'] = round(x, 1), round(y, 1)
    return row


def camera_axes(camera, points):
    """World metres -> metres right, down, away from the camera."""
    return (points @ camera.views[0][:3, :3].T) * [1, -1, -1]
