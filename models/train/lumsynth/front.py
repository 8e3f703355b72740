"""Squats with the load in front of the trunk: the bar on the shoulders, a dumbbell at the chest, or nothing but the arms."""
import numpy as np

from .geometry import unit
from .motion import smooth01

BAR_R = 0.014
MOST_LEAN = 60.0            # degrees; who cannot come over mid-foot with that falls back a little rather than folding up
REACH = 0.97                # of the arm's length: nobody locks the elbows


def trunk_depth(body, height):
    """z of the back and of the front of the trunk at a height of the rest mesh."""
    v = body.rest[body.base.gidx['body']]
    z = v[(np.abs(v[:, 1] - height) < 0.02) & (np.abs(v[:, 0]) < 0.11), 2]
    return z.min(), z.max()


class FrontLoad:
    """spec keys: load ('front': bar on the shoulders, 'goblet': dumbbell at the chest, 'none'), bar_down (m below the neck), in_front (m between
    the trunk and the load's middle), grip_half, elbow_up (tangent of the upper arm's rise), arms ('none' only: 'ahead', 'clasped' before the
    chest, 'crossed' on it), arms_low (rise of arms held ahead), raised_standing (else the arms hang until the lifter goes down),
    balance_down and balance_fwd (m: what is balanced over mid-foot, below the neck and before the middle of the trunk; not 'front')."""

    def __init__(self, body, spec):
        self.body, self.spec, self.load = body, spec, spec['load']
        neck = body.head['neck01'][1]
        self.load_rest = np.array([0, neck - spec['bar_down'], trunk_depth(body, neck - spec['bar_down'])[1] + spec['in_front']])
        if self.load == 'front':
            self.balance_rest = self.load_rest
        else:
            y = neck - spec['balance_down']
            self.balance_rest = np.array([0, y, np.mean(trunk_depth(body, y)) + spec['balance_fwd']])

    def arms(self, poser, st, R, P, info):
        """Puts the hands where they belong; a dumbbell stands upright on the trunk's axis."""
        place = {'front': self._on_bar, 'goblet': self._under_dumbbell, 'none': self._free}[self.load]
        across = info['bar_dir']
        for side, sign in (('L', 1), ('R', -1)):
            grip, pole, along, forward, curl = place(poser, st, R, P, info, side, sign, across)
            info['arm' + side] = poser.arm_ik(R, P, side, grip, pole, along, forward, curl)
        if self.load == 'goblet':
            info['bar_dir'] = R['T2'] @ np.array([0, 1.0, 0])

    def _on_bar(self, poser, st, R, P, info, side, sign, across):
        T = R['T2']
        pole = T @ np.array([sign * 0.25, self.spec['elbow_up'], 1.0])
        return info['bar'] + sign * self.spec['grip_half'] * across, pole, across, T @ np.array([sign * 0.2, 0.35, -1.0]), 0.8

    def _under_dumbbell(self, poser, st, R, P, info, side, sign, across):
        T = R['T2']
        pole = T @ np.array([sign * 0.5, -1.0, 0.1 + self.spec['elbow_up']])
        return info['bar'] + sign * self.spec['grip_half'] * across, pole, across, T @ np.array([-sign * 0.2, 1.0, 0.3]), 0.5

    def _free(self, poser, st, R, P, info, side, sign, across):
        s, shoulder = self.spec, poser.shoulder_pos(R, P, side)
        arm = poser.arm[side]
        length = REACH * (arm['La'] + arm['Lf']) + 0.06
        chest = info['bar'] - sign * (0.12 if s['arms'] == 'crossed' else -0.03) * across
        ahead = shoulder + length * unit(np.array([-sign * 0.12, s['arms_low'], 1.0]))
        hanging = shoulder + length * unit(np.array([sign * 0.10, -1.0, 0.06]))
        raised = 1.0 if s['raised_standing'] else smooth01(st['u'] / 0.45)
        grip = hanging + ((ahead if s['arms'] == 'ahead' else chest) - hanging) * raised
        turn = (1 - raised) * np.pi / 2          # palms face the thighs while the arms hang
        along = np.cos(turn) * across - sign * np.sin(turn) * np.array([0, 0, 1.0])
        pole = R['T2'] @ np.array([sign * 0.5, -0.8 * raised, -0.9 * (1 - raised) - 0.1])
        return grip, pole, along, None, 0.35
