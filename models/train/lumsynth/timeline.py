"""When things happen in a clip: rep phases, and the lumbar curve of each fault, as arrays over frames."""
import numpy as np
from scipy.ndimage import gaussian_filter1d

from .motion import D, smooth01


def concentric(x, stick):
    """Concentric progress with a sticking point: 0..1 -> 0..1."""
    y = smooth01(x)
    return y - stick * .10 * np.sin(2 * np.pi * x) * np.exp(-((x - .45) / .22) ** 2)


def lumbar_shape(f, u, phase, x):
    """Fault curve in [0,1] for phase 'ecc' | 'bot' | 'con' | 'top' (x = progress in the phase)."""
    ty, on = f['type'], f['on']
    if ty in ('wink', 'low'):
        return smooth01((u - on) / max(1 - on, .05))
    if ty in ('whole', 'neutral'):
        return smooth01(u ** 1.1)
    if ty == 'late_con':
        b = smooth01((u - .3) / .7) * .35
        if phase == 'con':
            return max(b, np.exp(-((u - .72) / .25) ** 2) * smooth01(x / .12))
        if phase == 'bot':
            return .35
        return b
    if ty == 'over_ext':
        return np.exp(-((u - .55) / .30) ** 2) * (1 if phase == 'ecc' else .55)
    if ty == 'set_round':
        return smooth01((u - .12) / .75)
    if ty == 'pull_round':
        b = .35 * smooth01((u - .15) / .7)
        if phase == 'con':
            return max(b, np.exp(-((u - .70) / .24) ** 2)) if u < .7 else .35 + .65 * np.exp(-((u - .70) / .16) ** 2)
        return b
    if ty == 'low_round':
        if phase == 'ecc':
            return smooth01((u - .25) / .6)
        if phase in ('bot', 'end'):
            return 1.0 - .6 * x
        return .4 * smooth01((u - .25) / .6)
    if ty == 'lock_hyper':
        return smooth01((.10 - u) / .10) if phase in ('con', 'top', 'ecc') else 0.0
    raise ValueError(ty)


class Rows:
    """Grows the clip phase by phase; one row a frame: u, lumbar, thoracic, hands free of the bar, bar held, phase."""

    def __init__(self, s):
        self.s, self.rows = s, []

    def now(self):
        return len(self.rows) / self.s['fps']

    def add(self, duration, phase_u, phase, rep=None, next_rep=None, free=lambda x: 0.0, held=1):
        """phase_u, free: functions of progress 0..1. `next_rep`: the back is re-set for it while the bar is on the floor."""
        n = max(int(round(duration * self.s['fps'])), 1)
        for j in range(n):
            x = (j + 1) / n
            u = float(phase_u(x))
            lumbar, thoracic = (0.0, 0.0) if rep is None else self._back(rep, u, phase, x)
            if next_rep is not None:
                k, target = smooth01(x), self._back(next_rep, u, 'con', 0.0)
                lumbar, thoracic = (1 - k) * lumbar + k * target[0], (1 - k) * thoracic + k * target[1]
            self.rows.append((u, lumbar, thoracic, free(x), held, phase))

    def _back(self, rep, u, phase, x):
        fault = self.s['faults'][rep]
        return fault['peak'] * float(lumbar_shape(fault, u, phase, x)), self.s['thor_amp'][rep] * smooth01(u)


def floor_reps(s, rows):
    """Deadlifts: stand, set up, pull and lower, stand. Returns the reps' times."""
    reps, last = [], s['reps'] - 1
    rows.add(s['stand_pre'], lambda x: 0, 'stand', free=lambda x: 1.0, held=0)
    rows.add(s['setup_t'], smooth01, 'setup', 0, free=lambda x: 1 - smooth01((x - .1) / .6), held=0)
    rows.add(s['setup_pause'], lambda x: 1, 'grip', 0, held=0)
    for i in range(s['reps']):
        tempo, start = s['tempo'][i], rows.now()
        rows.add(tempo['con'], lambda x: 1 - concentric(x, tempo['stick']), 'con', i)
        top = rows.now()
        rows.add(max(tempo['top'], .3), lambda x: 0, 'top', i)
        rows.add(tempo['ecc'], smooth01, 'ecc', i)
        reps.append(dict(start=start, bottom=start, top=top, end=rows.now()))
        if i < last:
            rows.add(max(tempo['bot'], .45), lambda x: 1, 'bot', i, next_rep=i + 1)
    rows.add(.25, lambda x: 1, 'end', last, held=0)
    rows.add(s['setup_t'] * .8, lambda x: 1 - smooth01(x), 'exit', last, free=lambda x: smooth01((x - .2) / .6), held=0)
    rows.add(s['stand_post'], lambda x: 0, 'stand', free=lambda x: 1.0, held=0)
    return reps


def standing_reps(s, rows):
    """Squats and hinges that start from standing with the bar. Returns the reps' times."""
    reps = []
    rows.add(s['stand_pre'], lambda x: 0, 'stand')
    for i in range(s['reps']):
        tempo, depth, start = s['tempo'][i], s['depth_var'][i], rows.now()
        rows.add(tempo['ecc'], lambda x: depth * smooth01(x), 'ecc', i)
        down = rows.now()
        if tempo['bot'] > 0:
            rows.add(tempo['bot'], lambda x: depth, 'bot', i)
        bottom = .5 * (down + rows.now())
        rows.add(tempo['con'], lambda x: depth * (1 - concentric(x, tempo['stick'])), 'con', i)
        reps.append(dict(start=start, bottom=bottom, top=rows.now(), end=rows.now()))
        if i < s['reps'] - 1:
            rows.add(tempo['top'], lambda x: 0, 'top', i)
    rows.add(s['stand_post'], lambda x: 0, 'stand')
    return reps


def walk_steps(on_floor):
    """Four steps up to the bar, or back from the rack: (side, from s, to s, from z, to z), and the time they take."""
    z0, step, seconds = (-1.55, .5, .50) if on_floor else (.34, -.17, .55)
    at, now, steps = dict(L=z0, R=z0), .25, []
    for k, side in enumerate('LRLR'):
        if on_floor:
            to = 0.0 if k >= 2 else z0 + step * (k + 1)
        else:
            to = z0 / 2 if k < 2 else 0.0
        steps.append((side, now, now + seconds, at[side], to))
        at[side] = to
        now += seconds
    return steps, now + .35


def timeline(s):
    """Per-frame arrays of a clip spec: t, u, lum, tho, free, bar_on, phase; and reps, walk."""
    fps, on_floor = s['fps'], s['lift'] in ('deadlift', 'sumo')
    grown, walk = Rows(s), []
    reps = floor_reps(s, grown) if on_floor else standing_reps(s, grown)
    rows = grown.rows
    if s['walk']:
        walk, seconds = walk_steps(on_floor)
        frames = int(round(seconds * fps))
        rows = [(0.0, 0.0, 0.0, 1.0 if on_floor else 0.0, 0 if on_floor else 1, 'walk')] * frames + rows
        reps = [{k: v + frames / fps for k, v in rep.items()} for rep in reps]

    def smoothed(column, seconds):
        return gaussian_filter1d(np.array([r[column] for r in rows], float), seconds * fps, mode='nearest')
    u = smoothed(0, .035)
    return dict(t=np.arange(len(rows)) / fps, u=np.where(u < 2e-4, 0, u), lum=smoothed(1, .06), tho=smoothed(2, .08),
                free=np.clip(smoothed(3, .08), 0, 1), bar_on=np.array([r[4] for r in rows]) > .5, phase=[r[5] for r in rows], reps=reps, walk=walk)


def foot_track(s, tl, stance, toe):
    """Per-frame foot positions while stepping (None when planted all along)."""
    if not tl['walk']:
        return None
    t = tl['t']
    z0 = tl['walk'][0][3]
    pos = {sd: np.tile([0.0, 0, z0, 0], (len(t), 1)) for sd in 'LR'}
    for sd, a, b, za, zb in tl['walk']:
        x = np.clip((t - a) / (b - a), 0, 1)
        e = smooth01(x)
        pos[sd][:, 2] = np.where(t >= a, za + (zb - za) * e, pos[sd][:, 2])
        lift = .07 * np.sin(np.pi * x) ** 2 * (abs(zb - za) > .01)
        pos[sd][:, 1] = np.where((t >= a) & (t <= b), lift, pos[sd][:, 1])
    far = max(abs(z0), .01)
    for sd in 'LR':
        sg = 1 if sd == 'L' else -1
        k = np.clip(1 - np.abs(pos[sd][:, 2]) / far, 0, 1)
        narrow = .11 if s['lift'] != 'squat' else stance * .75
        pos[sd][:, 0] = sg * (narrow + (stance - narrow) * k)
        pos[sd][:, 3] = sg * toe * D * (0.25 + .75 * k)
    return pos
