"""Lift-specific pose solver: from a phase u (0 standing .. 1 bottom) to a full-body pose with planted feet."""
import numpy as np

from .front import BAR_R, MOST_LEAN, FrontLoad, trunk_depth
from .geometry import frac_rot, unit
from .motion import D, Poser, smooth01

PLATE_R = 0.225


def bisect(high_enough, lo, hi):
    """Smallest value at which the monotonous test holds."""
    for _ in range(26):
        m = 0.5 * (lo + hi)
        lo, hi = (lo, m) if high_enough(m) else (m, hi)
    return 0.5 * (lo + hi)


class Lift:
    """spec keys: kind ('squat'|'goodmorning'|'deadlift'|'sumo'|'rdl'), knee_b (knee flexion at the bottom, deg),
    shank_b (shank inclination at the bottom, deg), bar_down (m below the neck of the bar on the back), grip_half, bar_low (bar height at the bottom, m; deadlifts), knee_delay, head_gain, clav_up, ...
    load (squat): 'back', or in front of the trunk, see `lumsynth/front.py`."""

    def __init__(self, body, spec):
        self.body, self.spec = body, spec
        self.p = Poser(body, spec['stance_half'], spec['toe_out'], spec.get('lumbar_share'))
        b = body
        self.on_trunk = spec['kind'] in ('squat', 'goodmorning')
        self.front = FrontLoad(body, spec) if spec.get('load', 'back') != 'back' else None
        if self.front is None:
            y = b.head['neck01'][1] - spec.get('bar_down', 0.03)
            self.load_rest = np.array([0, y, trunk_depth(body, y)[0] - BAR_R - 0.002])
        else:
            self.load_rest = self.front.load_rest
        # the point of the rest mesh that is balanced over mid-foot
        self.balance_rest = self.load_rest if self.front is None else self.front.balance_rest
        self.mid_z = self.p.mid_from_ankle
        self.ground = spec.get('ground', 0.028)       # sole thickness of the shoes
        self.ank_y = b.head['foot.L'][1] + self.ground
        A = self.p.arm['L']
        g = b.grip['L']
        off = (g['k3'] - b.rigJ['wrist.L']) * 0.92
        self.arm_len = np.hypot((A['La'] + A['Lf']) * 0.9965 + np.linalg.norm(off), 0.030)
        self.leg_r = dict(shank=0.060, knee=0.070, thigh=0.098)
        r = b.rest
        # thigh/shank front radius measured on the mesh
        for nm, fr in (('shank', .30), ('knee', .0), ('thigh', -.55)):
            k, a, h = b.head['lowerleg01.L'], b.head['foot.L'], b.head['upperleg01.L']
            c = k + fr * (a - k) if fr >= 0 else k + (-fr) * (h - k)
            m = (np.abs(r[:, 1] - c[1]) < 0.02) & (np.abs(r[:, 0] - c[0]) < 0.05)
            m &= np.isin(np.arange(len(r)), b.base.gidx['body'])
            self.leg_r[nm] = r[m, 2].max() - c[2]
        if not self.on_trunk:
            self.top = None                           # bar height at lockout, found at the first pose
            self.h_low = spec.get('bar_low', PLATE_R)

    # ---------------------------------------------------------------------------------------------
    def hip_position(self, knee, shank, az):
        """Mid-hip position for knee flexion / shank inclination (deg); az = ankle z."""
        b = self.body
        L1, L2 = b.len['thighL'], b.len['shankL']
        K = knee * D
        d = np.sqrt(L1 ** 2 + L2 ** 2 + 2 * L1 * L2 * np.cos(K))
        beta = np.arctan2(L1 * np.sin(K), L2 + L1 * np.cos(K))
        hx = abs(b.head['upperleg01.L'][0])
        dd = np.sqrt(max(d * d - (self.spec['stance_half'] - hx) ** 2, 1e-6))
        phi = (shank * D - beta) * (0.35 + 0.65 * np.cos(self.spec['toe_out'] * D * 0.8))
        return np.array([0.0, self.ank_y + dd * np.cos(phi), az + dd * np.sin(phi)])

    def leg_front(self, hip, knee, az, y):
        """z of the front surface of the leg at height y (sagittal approximation)."""
        r, (knee_z, knee_y) = self.leg_r, knee
        if y < knee_y:
            t = np.clip((y - self.ank_y) / max(knee_y - self.ank_y, 1e-6), 0, 1)
            return az + t * (knee_z - az) + r['shank'] * (1 - t) + r['knee'] * t
        t = np.clip((y - knee_y) / max(hip[1] - knee_y, 1e-6), 0, 1)
        return knee_z + t * (hip[2] - knee_z) + r['knee'] * (1 - t) + r['thigh'] * t

    def schedule(self, u):
        s = self.spec
        if s['kind'] in ('squat',):
            st = s.get('shank_top', 6.5)
            return s['knee_top'] + (s['knee_b'] - s['knee_top']) * u, st + (s['shank_b'] - st) * u ** 0.9
        if s['kind'] in ('goodmorning', 'rdl'):
            k = smooth01(u / 0.6)
            st = s.get('shank_top', 5.0)
            return s['knee_top'] + (s['knee_b'] - s['knee_top']) * k, st + (s['shank_b'] - st) * k
        d = s.get('knee_delay', 0.30)
        k = np.clip((u - d) / (1 - d), 0, 1)
        k = k * k * (3 - 2 * k) * 0.5 + k * 0.5
        soft = s['knee_top'] + 8 * min(u / max(d, 1e-3), 1)
        st = s.get('shank_top', 4.0) * (1 - smooth01(u / 0.4))
        return soft + (s['knee_b'] - soft) * k, st + s['shank_b'] * k ** 1.3

    def pose(self, st):
        """st: u (0 standing .. 1 bottom), lumbar, thoracic (degrees against the rest mesh); may have dx, dz (m), dpitch, roll, yaw, head (deg),
        free (0 hands on the bar .. 1 hanging), swing, az (ankle z), feet {side: (x, y, z, yaw rad)}.
        Returns dict(G, P: bone rotations and places; override: see Body.bone_matrix; bar, bar_dir; leg and arm joints; pitch)."""
        knee, shank = self.schedule(st['u'])
        hip = self._hip(st, knee, shank)
        if self.on_trunk:
            pitch, hip = self._balanced_pitch(st, hip)
            hang = None
        else:
            hang = self._bar_place(st, hip, shank)
            pitch = self._hanging_bar_pitch(st, hip, hang) + st.get('dpitch', 0)
        R, P = self._trunk(st, pitch, hip)
        for side in 'LR':
            self._clav(R, side)
        info = dict(pitch=pitch, hip=P['pelvis'], knee=knee, shank=shank, u=st['u'])
        self._legs(st, R, P, info)
        across = R['pelvis'] @ np.array([1.0, 0, 0])
        info['bar_dir'] = unit(np.array([across[0], 0.3 * across[1], across[2]]))
        if self.on_trunk:
            info['bar'] = self._on_trunk(R, P, self.load_rest)
            self.front.arms(self.p, st, R, P, info) if self.front else self._arms_on_bar(R, P, info)
        else:
            info['bar'] = self._hanging_arms(st, R, P, hang, info)
        G, P = self.body.fk(R, P['pelvis'])
        info.update(G=G, P=P, override=self._buttocks(G, P))
        return info

    def _hip(self, st, knee, shank):
        hip = self.hip_position(knee, shank, st.get('az', 0.0)) + np.array([st.get('dx', 0), 0, st.get('dz', 0)])
        if 'feet' not in st:
            return hip
        b = self.body                        # stepping: keep both feet within reach
        half = abs(b.head['upperleg01.L'][0])
        reach = (b.len['thighL'] + b.len['shankL']) * 0.998
        for side, sign in (('L', 1), ('R', -1)):
            x, y, z, _ = st['feet'][side]
            r2 = reach * reach - (x - sign * half - hip[0]) ** 2 - (z - hip[2]) ** 2
            hip = np.array([hip[0], min(hip[1], self.ank_y + y + np.sqrt(max(r2, .05))), hip[2]])
        return hip

    def _mid_foot(self, st):
        """z over which the bar is balanced."""
        mid = st.get('az', 0.0) + self.mid_z + self.spec.get('bar_bias', 0.0)
        return mid - 0.03 * (1 - smooth01(st['u'] / 0.5)) if self.on_trunk else mid

    def _trunk(self, st, pitch, hip):
        lean = pitch + st['lumbar'] + st['thoracic']
        head = self.spec.get('head_gain', 0.45) * lean + st.get('head', 0.0)
        R = self.p.trunk(pitch, st['lumbar'], st['thoracic'], st.get('roll', 0), st.get('yaw', 0), head)
        return R, self.p.chain(R, hip)

    def _on_trunk(self, R, P, rest):
        return P['T2'] + R['T2'] @ (rest - self.body.head['T2'])

    def _balanced_pitch(self, st, hip):
        """Pelvis pitch with the load over mid-foot, and the hip (a good morning moves the hip instead)."""
        s, mid = self.spec, self._mid_foot(st)
        if s['kind'] == 'goodmorning':
            pitch = s['pitch_top'] + (s['pitch_b'] - s['pitch_top']) * st['u'] - 0.45 * st['lumbar']
            shift = -(self._on_trunk(*self._trunk(st, pitch, hip), self.balance_rest)[2] - mid) * s.get('gm_balance', 0.55)
            return pitch, self._clip_hip(hip + np.array([0, 0, shift]), st.get('az', 0.0))
        most = 100.0 if self.front is None else MOST_LEAN - 0.6 * st['lumbar']      # a rounded trunk leans by more than its pelvis
        pitch = bisect(lambda m: self._on_trunk(*self._trunk(st, m, hip), self.balance_rest)[2] >= mid, -35.0, most)
        return pitch + st.get('dpitch', 0), hip

    def _bar_place(self, st, hip, shank):
        """(height, z) of a bar that hangs from the hands and clears the legs."""
        b, s, u, az = self.body, self.spec, st['u'], st.get('az', 0.0)
        if self.top is None:
            self.top = self._top_height(st)
        # height drop ~ u^2 near lockout, so that the trunk angle (~ sqrt of the drop) is smooth in u
        h = self.top + (self.h_low - self.top) * u * u * 1.3 / (u + 0.3)
        shin = b.len['shankL']
        knee_y, knee_z = self.ank_y + shin * np.cos(shank * D), az + shin * np.sin(shank * D) * np.cos(s['toe_out'] * D)
        z = self.leg_front(hip, (knee_z, knee_y), az, h) + BAR_R + 0.012
        if s['kind'] == 'sumo':
            z = max(z - 0.05, az + 0.03)
        mid = self._mid_foot(st)
        return h, (mid + 0.02 * np.logaddexp(0, (z - mid) / 0.02) if z - mid < 0.5 else z)

    def _hanging_bar_pitch(self, st, hip, hang):
        """Pelvis pitch at which straight arms reach the bar."""
        u = st['u']
        standing = self.spec.get('pitch_lock', 0.0) - 0.5 * st['lumbar']
        if u < 1e-6:
            return standing
        hand = np.array([self.spec['grip_half'] + hip[0], *hang])

        def out_of_reach(pitch):
            R, P = self._trunk(st, pitch, hip)
            self._clav(R, 'L')
            return np.linalg.norm(self.p.shoulder_pos(R, P, 'L') - hand) <= self.arm_len
        pitch = bisect(out_of_reach, -20.0, 125.0)
        # near lockout the constraint is ill-conditioned: blend to the standing posture
        w = smooth01(u / 0.12)
        return w * pitch + (1 - w) * standing

    def _legs(self, st, R, P, info):
        for side, sign in (('L', 1), ('R', -1)):
            if 'feet' in st:
                x, y, z, yaw = st['feet'][side]
                ankle = np.array([x, self.ank_y + y, z])
            else:
                ankle, yaw = np.array([sign * self.spec['stance_half'], self.ank_y, st.get('az', 0.0)]), sign * self.spec['toe_out'] * D
            info['leg' + side] = self.p.leg_ik(R, P, side, ankle, yaw)

    def _arms_on_bar(self, R, P, info):
        T = R['T2']
        for side, sign in (('L', 1), ('R', -1)):
            grip = info['bar'] + sign * self.spec['grip_half'] * info['bar_dir']
            pole = T @ np.array([sign * 0.25, -1.0, self.spec.get('elbow_back', -0.55)])
            info['arm' + side] = self.p.arm_ik(R, P, side, grip, pole, info['bar_dir'], T @ np.array([sign * 0.12, 0.95, -0.25]), 1.0)

    def _hanging_arms(self, st, R, P, hang, info):
        """Arms to the bar, or hanging free beside the body; returns the bar's centre."""
        free, hands = st.get('free', 0.0), []
        for side, sign in (('L', 1), ('R', -1)):
            shoulder = self.p.shoulder_pos(R, P, side)
            on_bar = np.array([sign * self.spec['grip_half'] + info['hip'][0], *hang])
            on_bar = shoulder + unit(on_bar - shoulder) * min(np.linalg.norm(on_bar - shoulder), self.arm_len)
            swing = st.get('swing', 0.0) * sign
            hanging = shoulder + self.arm_len * 0.97 * unit(np.array([sign * 0.10, -1.0, 0.06 + swing]))
            turn = free * np.pi / 2              # palms face the thighs when the hands are free
            along = np.cos(turn) * info['bar_dir'] + np.sin(turn) * (-sign) * np.array([0, 0, 1.0])
            pole = np.array([sign * (0.8 - 0.5 * free), 0.0, -0.6 - 0.4 * free])
            info['arm' + side] = self.p.arm_ik(R, P, side, on_bar + (hanging - on_bar) * free, pole, along, None, 1.0 - 0.55 * free)
            hands.append(on_bar)
        return 0.5 * (hands[0] + hands[1])

    def _buttocks(self, G, P):
        """The buttock and trochanter follow a part of the hip's motion about the hip joint."""
        out = {}
        for side in 'LR':
            bone = f'upperleg01.{side}'
            part = frac_rot(G['pelvis'].T @ G[bone], 0.6)
            out[bone] = (G['pelvis'] @ part, self.body.head[bone], P[bone])
        return out

    def _clip_hip(self, hip, az):
        b = self.body
        mx = (b.len['thighL'] + b.len['shankL']) * 0.998
        hx = abs(b.head['upperleg01.L'][0])
        dx = self.spec['stance_half'] - hx
        dz = hip[2] - az
        ymax = self.ank_y + np.sqrt(max(mx * mx - dx * dx - dz * dz, 0.01))
        return np.array([hip[0], min(hip[1], ymax), hip[2]])

    def _clav(self, R, side):
        self.p.clavicle(R, side, self.spec.get('clav_up', 0.0), self.spec.get('clav_fwd', 0.0))

    def _top_height(self, st):
        """Bar height at lockout for the standing posture."""
        s, p = self.spec, self.p
        knee, shank = self.schedule(0.0)
        az = st.get('az', 0.0)
        hip = self.hip_position(knee, shank, az)
        R = p.trunk(s.get('pitch_lock', 0.0), 0, s.get('thoracic0', 0.0))
        P = p.chain(R, hip)
        for sd in 'LR':
            self._clav(R, sd)
        S = p.shoulder_pos(R, P, 'L')
        # the bar hangs in front of the thigh
        mid = az + self.mid_z + s.get('bar_bias', 0.0)
        zc = hip[2] + self.leg_r['thigh'] * 0.75 + self.leg_r['knee'] * 0.25 + BAR_R + 0.012
        if s['kind'] == 'sumo':
            zc = max(zc - 0.05, az + 0.03)
        zc = mid + 0.02 * np.logaddexp(0, (zc - mid) / 0.02)
        x = s['grip_half']
        dz = zc - S[2]
        dx = x - S[0]
        return S[1] - np.sqrt(max(self.arm_len ** 2 - dz * dz - dx * dx, 0.01))
