"""Lift kinematics: joint angle curves, inverse kinematics, rep timing."""
import numpy as np

from .body import LUMBAR, LUMBAR_SHARE, THORACIC, THORACIC_SHARE
from .geometry import axis_angle, frame, rx, ry, rz, unit

D = np.pi / 180


def smooth01(x):
    x = np.clip(x, 0, 1)
    return x * x * x * (10 + x * (-15 + 6 * x))


def band_noise(rng, t, rms, fmax=0.8, k=8):
    """Smooth zero-mean noise with the given rms."""
    f = rng.uniform(0.08, fmax, k)
    a = rng.normal(size=k) / np.sqrt(k)
    return rms * np.sqrt(2) * sum(ai * np.sin(2 * np.pi * fi * t + p) for ai, fi, p in zip(a, f, rng.uniform(0, 6.28, k)))


class Poser:
    """Turns a small set of scalars into a full-body pose.

    Conventions: angles in degrees; positive = forward lean / flexion.  `pitch` is the pelvis pitch in the world
    (0 in the body's relaxed rest posture), lumbar/thoracic are relative to the rest mesh.
    """

    def __init__(self, body, stance_half, toe_out, lumbar_share=None):
        self.b = b = body
        self.stance, self.toe = stance_half, toe_out
        self.ls = LUMBAR_SHARE if lumbar_share is None else lumbar_share
        H = b.head
        self.sole = b.rest[b.base.gidx['body'], 1].min()
        self.ankle_y = {s: H[f'foot.{s}'][1] for s in 'LR'}
        # rest foot yaw, so that toe_out is measured from straight ahead
        self.foot_yaw0 = {}
        for s in 'LR':
            d = b.rigJ[f'toe2-1.{s}'] - H[f'foot.{s}']
            self.foot_yaw0[s] = np.arctan2(d[0], d[2])
        fidx = b.base.gidx['body']
        foot = [i for i in fidx if b.rest[i, 1] < self.ankle_y['L'] * 0.8]
        z = b.rest[foot, 2]
        self.heel_z, self.toe_z = z.min(), z.max()
        self.foot_len = self.toe_z - self.heel_z
        self.mid_from_ankle = 0.5 * (self.heel_z + self.toe_z) - H['foot.L'][2]
        self.rest_hinge_leg, self.arm = {}, {}
        for s in 'LR':
            a = H[f'lowerarm01.{s}'] - H[f'upperarm01.{s}']
            f = b.rigJ[f'wrist.{s}'] - H[f'lowerarm01.{s}']
            self.arm[s] = dict(a=a, f=f, n=unit(np.cross(a, f)), La=np.linalg.norm(a), Lf=np.linalg.norm(f))

    # ------------------------------------------------------------------------------------------- trunk
    def trunk(self, pitch, lumbar, thoracic, roll=0.0, yaw=0.0, head_pitch=None):
        """Global rotations of pelvis, vertebrae, neck and head."""
        R = {}
        base = ry(yaw * D) @ rz(roll * D)
        ang = pitch
        R['pelvis'] = base @ rx(ang * D)
        for n, s in zip(LUMBAR, self.ls):
            ang += lumbar * s
            R[n] = base @ rx(ang * D)
        for n, s in zip(THORACIC, THORACIC_SHARE):
            ang += thoracic * s
            R[n] = base @ rx(ang * D)
        hp = ang if head_pitch is None else head_pitch
        for n, k in zip(['neck01', 'neck02', 'neck03', 'head'], [0.25, 0.5, 0.75, 1.0]):
            R[n] = base @ rx((ang + (hp - ang) * k) * D)
        return R

    def chain(self, R, root):
        """Positions of the trunk bones for trunk rotations R."""
        b = self.b
        P = {'pelvis': np.asarray(root, float)}
        prev = 'pelvis'
        for n in LUMBAR + THORACIC:
            P[n] = P[prev] + R[prev] @ (b.head[n] - b.head[prev])
            prev = n
        return P

    # ------------------------------------------------------------------------------------------- legs
    def leg_ik(self, R, P, side, ankle, yaw):
        """Two-bone leg IK. ankle: world position; yaw: foot direction (rad, outward positive for left)."""
        b, H = self.b, self.b.head
        hip = P['pelvis'] + R['pelvis'] @ (H[f'upperleg01.{side}'] - H['pelvis'])
        d = ankle - hip
        L1, L2 = b.len['thigh' + side], b.len['shank' + side]
        dist = min(np.linalg.norm(d), (L1 + L2) * 0.9995)
        u = unit(d)
        pole = np.array([np.sin(yaw), 0.0, np.cos(yaw)])
        pole = unit(pole - u * (pole @ u))
        ca = np.clip((L1 ** 2 + dist ** 2 - L2 ** 2) / (2 * L1 * dist), -1, 1)
        sa = np.sqrt(1 - ca * ca)
        knee = hip + L1 * (ca * u + sa * pole)
        th, sh = unit(knee - hip), unit(hip + dist * u - knee)
        # hinge axis: points to the lifter's left when the knee flexes backwards
        n = unit(np.cross(u, pole))
        n = n if n[0] > 0 else -n
        r1 = H[f'lowerleg01.{side}'] - H[f'upperleg01.{side}']
        r2 = H[f'foot.{side}'] - H[f'lowerleg01.{side}']
        yaw0 = self.foot_yaw0[side] * 0.5
        h0 = np.array([np.cos(yaw0), 0, -np.sin(yaw0)])
        Rt = frame(th, n) @ frame(r1, h0).T
        Rs = frame(sh, n) @ frame(r2, h0).T
        R[f'upperleg01.{side}'] = R[f'upperleg02.{side}'] = Rt
        R[f'lowerleg01.{side}'] = Rs
        Rf = ry(yaw - self.foot_yaw0[side])
        R[f'foot.{side}'] = Rf
        # spread shank twist a little towards the foot
        R[f'lowerleg02.{side}'] = Rs
        knee_flex = np.degrees(np.arccos(np.clip(th @ sh, -1, 1)))
        return dict(hip=hip, knee=knee, ankle=hip + dist * u, knee_flex=knee_flex, stretch=np.linalg.norm(d) - dist)

    # ------------------------------------------------------------------------------------------- arms
    def clavicle(self, R, side, up=0.0, fwd=0.0):
        sg = 1 if side == 'L' else -1
        T = R['T2']
        R[f'clavicle.{side}'] = T @ ry(-sg * fwd * D) @ rz(sg * up * D)
        R[f'shoulder01.{side}'] = R[f'clavicle.{side}']

    def shoulder_pos(self, R, P, side):
        H = self.b.head
        q = P['T2'] + R['T2'] @ (H[f'clavicle.{side}'] - H['T2'])
        q = q + R[f'clavicle.{side}'] @ (H[f'shoulder01.{side}'] - H[f'clavicle.{side}'])
        return q + R[f'shoulder01.{side}'] @ (H[f'upperarm01.{side}'] - H[f'shoulder01.{side}'])

    def grip_offset(self, side, hand_R):
        """wrist -> bar centre, for the hand rotation hand_R."""
        b = self.b
        g = b.grip[side]
        k = b.rigJ[f'wrist.{side}']
        o = (g['k3'] - k) * 0.92 + g['palm'] * 0.030
        return hand_R @ o

    def hand_frame(self, side, fwd, lat):
        g = self.b.grip[side]
        return frame(fwd, lat) @ frame(g['fwd'], g['lat']).T

    def arm_ik(self, R, P, side, grip, pole, bar_dir, hand_fwd=None, curl=1.0):
        """Place the hand so that its grip point is at `grip`; the lateral axis of the hand follows the bar.
        pole: direction in which the elbow points."""
        A = self.arm[side]
        sg = 1 if side == 'L' else -1
        S = self.shoulder_pos(R, P, side)
        wrist = grip - unit(grip - S) * 0.08
        for _ in range(4):
            d = wrist - S
            dist = np.clip(np.linalg.norm(d), 0.05, (A['La'] + A['Lf']) * 0.9985)
            u = unit(d)
            p = unit(pole - u * (pole @ u))
            ca = np.clip((A['La'] ** 2 + dist ** 2 - A['Lf'] ** 2) / (2 * A['La'] * dist), -1, 1)
            elbow = S + A['La'] * (ca * u + np.sqrt(1 - ca * ca) * p)
            w = S + dist * u
            fore = unit(w - elbow)
            fwd = fore if hand_fwd is None else unit(hand_fwd)
            hR = self.hand_frame(side, fwd, -sg * bar_dir)
            wrist = grip - self.grip_offset(side, hR)
        ua = unit(elbow - S)
        n = unit(np.cross(ua, fore)) if np.linalg.norm(np.cross(ua, fore)) > 0.04 else None
        if n is None:                     # nearly straight: hinge from the elbow pole
            n = unit(np.cross(ua, -p))
        # rest hinge is a x f; elbow flexion turns f about +n away from a
        Ra = frame(ua, n) @ frame(A['a'], A['n']).T
        Rf = frame(fore, n) @ frame(A['f'], A['n']).T
        # share the shoulder twist/swing
        R[f'upperarm01.{side}'] = Ra
        R[f'upperarm02.{side}'] = Ra
        # forearm: elbow half follows Rf, wrist half takes 60 % of the pronation towards the hand
        q = Rf.T @ hR
        fl = unit(A['f'])
        w3 = np.array([q[2, 1] - q[1, 2], q[0, 2] - q[2, 0], q[1, 0] - q[0, 1]])
        tw = 2 * np.arctan2(w3 @ fl, 1 + np.trace(q))
        R[f'lowerarm01.{side}'] = Rf @ axis_angle(fl, 0.25 * tw)
        R[f'lowerarm02.{side}'] = Rf @ axis_angle(fl, 0.70 * tw)
        R[f'wrist.{side}'] = hR
        self.curl(R, side, hR, curl)
        return dict(shoulder=S, elbow=elbow, wrist=w, miss=np.linalg.norm(wrist - w))

    def curl(self, R, side, hR, c):
        g = self.b.grip[side]
        ax = np.cross(g['fwd'], g['palm'])        # rotation about this axis bends the fingers to the palm
        for i in range(2, 6):
            for j, a in zip((1, 2, 3), (62, 75, 45)):
                pr = R[f'wrist.{side}'] if j == 1 else R[f'finger{i}-{j - 1}.{side}']
                R[f'finger{i}-{j}.{side}'] = pr @ axis_angle(ax, c * a * D)
        H = self.b.rigJ
        d1 = unit(H[f'finger1-2.{side}'] - H[f'finger1-1.{side}'])
        ax1 = np.cross(d1, unit(g['palm'] + 0.6 * g['fwd'] - 0.2 * g['lat']))
        for j, a in zip((1, 2, 3), (18, 25, 30)):
            pr = R[f'wrist.{side}'] if j == 1 else R[f'finger1-{j - 1}.{side}']
            R[f'finger1-{j}.{side}'] = pr @ axis_angle(ax1, c * a * D)
