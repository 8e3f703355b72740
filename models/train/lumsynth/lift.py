"""Lift-specific pose solver: from a phase u (0 standing .. 1 bottom) to a full-body pose with planted feet."""
import numpy as np

from .geometry import frac_rot, unit
from .motion import D, Poser, smooth01

PLATE_R = 0.225
BAR_R = 0.014


class Lift:
    """spec keys: kind ('squat'|'goodmorning'|'deadlift'|'sumo'|'rdl'), knee_b (knee flexion at the bottom, deg),
    shank_b (shank inclination at the bottom, deg), bar_level (rest height fraction between T12 and C7 of the bar on
    the back), grip_half, bar_low (bar height at the bottom, m; deadlifts), knee_delay, head_gain, clav_up, ..."""

    def __init__(self, body, spec):
        self.body, self.spec = body, spec
        self.p = Poser(body, spec['stance_half'], spec['toe_out'], spec.get('lumbar_share'))
        b = body
        self.back_bar = spec['kind'] in ('squat', 'goodmorning')
        # rest position of a bar on the back
        y = b.head['neck01'][1] - spec.get('bar_down', 0.03)
        v = b.rest[b.base.gidx['body']]
        s = v[(np.abs(v[:, 1] - y) < 0.02) & (np.abs(v[:, 0]) < 0.11)]
        self.bar_rest = np.array([0, y, s[:, 2].min() - BAR_R - 0.002])
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
        if not self.back_bar:
            # standing bar height with straight arms
            self.top = None
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

    def leg_front(self, hip, knee_z, knee_y, az, y):
        """z of the front surface of the leg at height y (sagittal approximation)."""
        r = self.leg_r
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
        """st: dict(u, lumbar, thoracic, dx, dz, dpitch, roll, yaw, bar_on(0/1), free (0 hands on bar .. 1 hanging),
        feet: optional {side: (x, y, z, yaw)}, root_override) -> dict(G, P, joints, bar, ...)"""
        s, b, p = self.spec, self.body, self.p
        u = st['u']
        az = st.get('az', 0.0)
        knee, shank = self.schedule(u)
        hip = self.hip_position(knee, shank, az) + np.array([st.get('dx', 0), 0, st.get('dz', 0)])
        if 'hip_shift' in st:
            hip = hip + st['hip_shift']
        if 'feet' in st:                 # stepping: keep both feet within reach
            hx = abs(b.head['upperleg01.L'][0])
            mx = (b.len['thighL'] + b.len['shankL']) * 0.998
            for sd, sg in (('L', 1), ('R', -1)):
                x, y, z, _ = st['feet'][sd]
                r2 = mx * mx - (x - sg * hx - hip[0]) ** 2 - (z - hip[2]) ** 2
                hip = np.array([hip[0], min(hip[1], self.ank_y + y + np.sqrt(max(r2, .05))), hip[2]])
        lum, tho = st['lumbar'], st['thoracic']
        roll, yaw = st.get('roll', 0), st.get('yaw', 0)
        mid = az + self.mid_z + s.get('bar_bias', 0.0) - (0.03 * (1 - smooth01(u / 0.5)) if self.back_bar else 0)

        def trunk(pitch):
            wt = pitch + lum + tho
            hp = s.get('head_gain', 0.45) * wt + s.get('head_off', 0.0) + st.get('head', 0.0)
            R = p.trunk(pitch, lum, tho, roll, yaw, hp)
            return R, p.chain(R, hip)
        bar = None
        if self.back_bar:
            if s['kind'] == 'goodmorning':
                pitch = s['pitch_top'] + (s['pitch_b'] - s['pitch_top']) * u - 0.45 * lum
                # hips travel back so that bar + body stay balanced: bar allowed in front of mid-foot a little
                R, P = trunk(pitch)
                T = P['T2'] + R['T2'] @ (self.bar_rest - b.head['T2'])
                sh = -(T[2] - mid) * s.get('gm_balance', 0.55)
                hip = hip + np.array([0, 0, sh])
                hip = self._clip_hip(hip, az)
                R, P = trunk(pitch)
            else:
                lo, hi = -35.0, 100.0
                for _ in range(26):
                    m = 0.5 * (lo + hi)
                    R, P = trunk(m)
                    z = (P['T2'] + R['T2'] @ (self.bar_rest - b.head['T2']))[2]
                    lo, hi = (m, hi) if z < mid else (lo, m)
                pitch = 0.5 * (lo + hi) + st.get('dpitch', 0)
                R, P = trunk(pitch)
            bar = P['T2'] + R['T2'] @ (self.bar_rest - b.head['T2'])
        else:
            if self.top is None:
                self.top = self._top_height(st)
            # height drop ~ u^2 near lockout, so that the trunk angle (~ sqrt of the drop) is smooth in u
            h = self.top + (self.h_low - self.top) * u * u * 1.3 / (u + 0.3)
            # knee position (sagittal approx) for the clearance of the bar path
            L2 = b.len['shankL']
            k_y, k_z = self.ank_y + L2 * np.cos(shank * D), az + L2 * np.sin(shank * D) * np.cos(s['toe_out'] * D)
            zc = self.leg_front(hip, k_z, k_y, az, h) + BAR_R + 0.012
            if s['kind'] == 'sumo':
                zc = max(zc - 0.05, az + 0.03)
            bz = mid + 0.02 * np.logaddexp(0, (zc - mid) / 0.02) if zc - mid < 0.5 else zc
            G_ = {sd: np.array([sg * s['grip_half'] + hip[0], h, bz]) for sd, sg in (('L', 1), ('R', -1))}
            lo, hi = s.get('pitch_min', -20.0), 125.0

            def err(m):
                R, P = trunk(m)
                for sd in 'LR':
                    self._clav(R, sd, u)
                S = p.shoulder_pos(R, P, 'L')
                return np.linalg.norm(S - G_['L']) - self.arm_len
            if u < 1e-6:
                pitch = s.get('pitch_lock', 0.0) - 0.5 * lum
            else:
                for _ in range(26):
                    m = 0.5 * (lo + hi)
                    lo, hi = (m, hi) if err(m) > 0 else (lo, m)
                pitch = 0.5 * (lo + hi)
                # near lockout the constraint is ill-conditioned: blend to the standing posture
                w = smooth01(u / s.get("lock_blend", 0.12))
                pitch = w * pitch + (1 - w) * (s.get('pitch_lock', 0.0) - 0.5 * lum)
            pitch += st.get('dpitch', 0)
            R, P = trunk(pitch)
        for sd in 'LR':
            self._clav(R, sd, u)
        info = dict(pitch=pitch)
        # legs
        for sd, sg in (('L', 1), ('R', -1)):
            if 'feet' in st:
                x, y, z, fy = st['feet'][sd]
                ank, fy = np.array([x, self.ank_y + y, z]), fy
            else:
                ank, fy = np.array([sg * s['stance_half'], self.ank_y, az]), sg * s['toe_out'] * D
            info['leg' + sd] = p.leg_ik(R, P, sd, ank, fy)
        # arms
        ex = R['pelvis'] @ np.array([1.0, 0, 0])
        ex = unit(np.array([ex[0], 0.3 * ex[1], ex[2]]))
        if self.back_bar:
            for sd, sg in (('L', 1), ('R', -1)):
                g = bar + sg * s['grip_half'] * ex
                T = R['T2']
                pole = T @ np.array([sg * s.get('elbow_out', 0.25), -1.0, s.get('elbow_back', -0.55)])
                info['arm' + sd] = p.arm_ik(R, P, sd, g, pole, ex, T @ np.array([sg * 0.12, 0.95, -0.25]), 1.0)
        else:
            free = st.get('free', 0.0)
            hd = {}
            for sd, sg in (('L', 1), ('R', -1)):
                S = p.shoulder_pos(R, P, sd)
                g1 = np.array([sg * s['grip_half'] + hip[0], h, bz])
                g1 = S + unit(g1 - S) * min(np.linalg.norm(g1 - S), self.arm_len)
                sw = st.get('swing', 0.0) * sg
                g0 = S + self.arm_len * 0.97 * unit(np.array([sg * 0.10, -1.0, 0.06 + sw]))
                hd[sd] = g1
                g = g1 + (g0 - g1) * free
                th = free * np.pi / 2
                # bar direction turns from lateral to fore-aft (palms to the thighs) when the hands are free
                bd = np.cos(th) * ex + np.sin(th) * (-sg) * np.array([0, 0, 1.0])
                pole = np.array([sg * (0.8 - 0.5 * free), 0.0, -0.6 - 0.4 * free])
                info['arm' + sd] = p.arm_ik(R, P, sd, g, pole, bd, None, 1.0 - 0.55 * free)
            bar = 0.5 * (hd['L'] + hd['R'])
        G, P = b.fk(R, P['pelvis'])
        # helper transform: buttock/trochanter region follows half of the hip motion about the hip joint
        ov = {}
        for sd in 'LR':
            n = f'upperleg01.{sd}'
            q = G['pelvis'].T @ G[n]
            ov[n] = (G['pelvis'] @ frac_rot(q, s.get('hip_blend', 0.6)), b.head[n], P[n])
        info.update(G=G, P=P, override=ov, bar=bar, bar_dir=ex, hip=P['pelvis'], knee=knee, shank=shank, u=u)
        return info

    def _clip_hip(self, hip, az):
        b = self.body
        mx = (b.len['thighL'] + b.len['shankL']) * 0.998
        hx = abs(b.head['upperleg01.L'][0])
        dx = self.spec['stance_half'] - hx
        dz = hip[2] - az
        ymax = self.ank_y + np.sqrt(max(mx * mx - dx * dx - dz * dz, 0.01))
        return np.array([hip[0], min(hip[1], ymax), hip[2]])

    def _clav(self, R, sd, u):
        s = self.spec
        self.p.clavicle(R, sd, s.get('clav_up', 0.0), s.get('clav_fwd', 0.0))

    def _top_height(self, st):
        """Bar height at lockout for the standing posture."""
        s, b, p = self.spec, self.body, self.p
        knee, shank = self.schedule(0.0)
        az = st.get('az', 0.0)
        hip = self.hip_position(knee, shank, az)
        R = p.trunk(s.get('pitch_lock', 0.0), 0, s.get('thoracic0', 0.0))
        P = p.chain(R, hip)
        for sd in 'LR':
            self._clav(R, sd, 0)
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
