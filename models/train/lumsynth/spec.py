"""What a clip shows, drawn from one seed: body, lift, faults, camera, clothes. `over` fixes single values.

Angles in degrees, lengths in metres, times in seconds. The order of the draws is part of the format: a seed stays the same clip.
"""
import colorsys

import numpy as np

from .body import LUMBAR_SHARE
from .lift import PLATE_R
from .timeline import timeline

SKIN_TONES = [(.86, .68, .58), (.80, .60, .48), (.74, .54, .41), (.62, .43, .31), (.48, .32, .23), (.36, .23, .16), (.88, .72, .63)]
HAIR_TONES = [(.10, .08, .07), (.22, .14, .09), (.35, .22, .12), (.55, .40, .22), (.07, .06, .06)]
PLATE_TONES = [(.09, .09, .10), (.12, .12, .13), (.55, .08, .08), (.08, .14, .42), (.62, .50, .08), (.10, .34, .14), (.30, .30, .32)]
LIFTS, LIFT_SHARE = ['squat', 'deadlift', 'sumo', 'rdl', 'goodmorning'], [.42, .30, .08, .12, .08]
FLOOR_LIFTS = ('deadlift', 'sumo')


def hsv(h, s, v):
    return np.array(colorsys.hsv_to_rgb(h % 1, s, v))


def sample_spec(seed, over=None):
    """All random choices of a clip as a plain dict."""
    over = dict(over or {})
    rng = np.random.default_rng(seed)
    s = dict(seed=seed, lift=str(rng.choice(LIFTS, p=LIFT_SHARE)))
    s['lift'] = over.get('lift', s['lift'])
    _body(s, rng, over)
    s['kin'] = _kinematics(s['lift'], rng)
    s['kin']['pitch_lock'] = float(rng.uniform(-1, 3))
    _reps(s, rng, over)
    _camera(s, rng)
    s['look'] = _look(s, rng)
    s['plates'] = dict(n=int(rng.integers(1, 4)), colors=[PLATE_TONES[int(rng.integers(len(PLATE_TONES)))] for _ in range(3)],
                       r=PLATE_R if s['lift'] in FLOOR_LIFTS or rng.random() < .75 else float(rng.uniform(.14, .2)))
    s['rack'] = bool(rng.random() < (.55 if s['lift'] in ('squat', 'goodmorning') else .15))
    s['extra_person'] = bool(rng.random() < .12)
    if 'load' in over:
        carry_in_front(s, over['load'])
    if 'seat' in over:
        sit_on(s, over.pop('seat'))
    if 'blocks' in over:
        pull_off(s, over.pop('blocks'))
    for key, value in over.items():
        if key in ('kin', 'look', 'phenotype', 'plates'):
            s[key].update(value)
        else:
            s[key] = value
    _fit_length(s)
    return s


def carry_in_front(s, load):
    """Makes a squat one with its load in front of the trunk: 'front', 'goblet' or 'none', see `lumsynth/front.py`."""
    rng = np.random.default_rng([s['seed'], 31])
    U = rng.uniform
    k = s['kin']
    k.update(load=load, shank_b=float(U(24, 40)), knee_b=float(U(88, 132)), head_gain=float(U(.1, .45)), bar_bias=float(U(.02, .10)))
    if load == 'front':
        k.update(bar_down=float(U(.02, .06)), in_front=float(U(0, .02)), grip_half=float(U(.18, .27)), elbow_up=float(U(-.9, .1)),
                 clav_up=float(U(2, 8)), clav_fwd=float(U(4, 12)))
        return
    s['rack'], s['plates'] = s['rack'] and rng.random() < .3, dict(s['plates'], n=0, r=0.0)
    k.update(bar_down=float(U(.12, .22)), elbow_up=float(U(0, .6)), clav_up=0.0, clav_fwd=float(U(2, 8)), balance_down=float(U(.12, .2)))
    if load == 'goblet':
        k.update(in_front=float(U(.07, .12)), grip_half=float(U(.04, .07)), balance_fwd=float(U(.04, .10)))
    else:
        k.update(in_front=float(U(.05, .12)), balance_fwd=float(U(-.04, .04)), arms=str(rng.choice(['ahead', 'clasped', 'crossed'], p=[.5, .3, .2])),
                 arms_low=float(U(-.35, .15)), raised_standing=bool(rng.random() < .5))


def sit_on(s, kind):
    """Makes a squat one down to a 'box', 'bench', 'stool' or 'chair', see `lumsynth/support.py`."""
    rng = np.random.default_rng([s['seed'], 37])
    U = rng.uniform
    s['seat'] = dict(kind=kind, gap=float(U(-.01, .015)), color=hsv(rng.random(), U(0, .7), U(.08, .7)))
    s['kin'].update(knee_b=float(U(68, 112)), shank_b=float(U(4, 24)))
    s['depth_var'] = [1.0 - float(U(0, .012)) for _ in s['depth_var']]
    for tempo in s['tempo']:
        tempo['bot'] = float(U(.3, 1.2)) if rng.random() < .7 else float(U(0, .2))


def pull_off(s, kind):
    """Makes a deadlift one off 'blocks', 'mats' or a rack's 'pins', the bar up to 30 cm higher than on the floor."""
    rng = np.random.default_rng([s['seed'], 41])
    height = float(rng.uniform(.05, .30))
    s['blocks'] = dict(kind=kind, height=height, color=hsv(rng.random(), rng.uniform(0, .6), rng.uniform(.08, .6)))
    k = s['kin']
    knees_left = 1 - min(height / .45, .65)          # the higher the bar, the straighter the knees
    k.update(bar_low=PLATE_R + height, knee_b=k['knee_b'] * knees_left, shank_b=k['shank_b'] * knees_left)
    s['rack'] = kind == 'pins' or s['rack']


def _body(s, rng, over):
    U = rng.uniform
    female = over.get('gender', int(rng.random() < .42))
    s['gender'] = female
    ethnicity = rng.dirichlet([.6, .6, .9])
    s['phenotype'] = dict(gender=float(np.clip(female + U(-.12, .12), 0, 1)), age=float(U(.62, .82)), muscle=float(U(.45, .95)),
                          weight=float(U(.38, .80)), height=.5, proportions=float(U(.1, .8)), african=float(ethnicity[0]),
                          asian=float(ethnicity[1]), caucasian=float(ethnicity[2]), cupsize=float(U(.25, .6)))
    s['stature'] = float(rng.normal(1.655 if female else 1.775, .065))
    s['portrait'] = bool(rng.random() < .65)
    s['fps'], s['scale'] = 30, 720
    s['stand_lumbar'] = float(rng.normal(0, 4))
    s['stand_thoracic'] = float(rng.normal(4, 5))
    share = LUMBAR_SHARE * U(.75, 1.25, 6)
    s['lumbar_share'] = (share / share.sum()).tolist()


def _kinematics(lift, rng):
    """How the lift is done: stance, joint angles at the bottom (knee_b, shank_b, pitch_b), grip, where the bar is."""
    U = rng.uniform
    if lift == 'squat':
        low_bar = rng.random() < .45
        k = dict(kind='squat', bar='low' if low_bar else 'high', stance_half=U(.17, .26), toe_out=U(12, 30), knee_b=U(92, 128),
                 shank_b=U(20, 36), knee_top=U(3, 8), grip_half=U(.34, .44), clav_up=U(2, 6), clav_fwd=U(-14, -9),
                 bar_down=U(.060, .085) if low_bar else U(.020, .040), elbow_back=U(-.8, -.35), head_gain=U(.25, .6), bar_bias=U(-.02, .02))
    elif lift == 'goodmorning':
        k = dict(kind='goodmorning', stance_half=U(.14, .2), toe_out=U(5, 18), knee_b=U(14, 28), shank_b=U(-6, 0), knee_top=U(4, 8),
                 grip_half=U(.34, .44), clav_up=4, clav_fwd=-12, bar_down=U(.03, .07), pitch_top=U(1, 4), pitch_b=U(55, 78),
                 gm_balance=U(.45, .7), head_gain=U(.4, .75))
    elif lift == 'rdl':
        k = dict(kind='rdl', stance_half=U(.10, .16), toe_out=U(2, 14), knee_b=U(15, 28), shank_b=U(-4, 1), knee_top=U(3, 7),
                 grip_half=U(.24, .30), clav_up=U(-4, -1), clav_fwd=U(2, 7), bar_low=U(.26, .48), head_gain=U(.45, .8))
    elif lift == 'deadlift':
        k = dict(kind='deadlift', stance_half=U(.11, .16), toe_out=U(3, 16), knee_b=U(58, 90), shank_b=U(9, 18), knee_top=U(2, 6),
                 grip_half=U(.24, .29), clav_up=U(-5, -2), clav_fwd=U(3, 8), bar_low=PLATE_R, knee_delay=U(.25, .42), head_gain=U(.4, .8))
    else:
        k = dict(kind='sumo', stance_half=U(.34, .44), toe_out=U(35, 48), knee_b=U(70, 92), shank_b=U(5, 14), knee_top=U(3, 7),
                 grip_half=U(.16, .21), clav_up=U(-5, -2), clav_fwd=U(1, 5), bar_low=PLATE_R, knee_delay=U(.15, .3), head_gain=U(.3, .6))
    return {a: (b if isinstance(b, str) else float(b)) for a, b in k.items()}


def _faults(lift, n, rng):
    U = rng.uniform
    style = rng.choice(['clean', 'mixed', 'bad', 'progress'], p=[.25, .4, .15, .2])
    faults = []
    for i in range(n):
        bad = {'clean': False, 'bad': True, 'mixed': rng.random() < .5, 'progress': rng.random() < (i + .5) / n}[style]
        if not bad:
            faults.append(dict(type='neutral', peak=float(U(-3, 7)), on=float(U(.4, .8))))
            continue
        if lift == 'squat':
            kind = rng.choice(['wink', 'whole', 'late_con', 'over_ext'], p=[.55, .15, .15, .15])
        elif lift in ('goodmorning', 'rdl'):
            kind = rng.choice(['whole', 'low', 'over_ext'], p=[.45, .35, .20])
        else:
            kind = rng.choice(['set_round', 'pull_round', 'low_round', 'lock_hyper'], p=[.4, .3, .15, .15])
        peak = U(-15, -6) if kind in ('over_ext', 'lock_hyper') else U(10, 45) * (1 if kind != 'wink' else .85)
        faults.append(dict(type=str(kind), peak=float(peak), on=float(U(.45, .8))))
    return faults


def _reps(s, rng, over):
    U = rng.uniform
    n = s['reps'] = int(over.get('reps', rng.integers(2, 6)))
    s['faults'] = _faults(s['lift'], n, rng)
    s['thor_amp'] = [float(x) for x in np.clip(rng.normal(3, 7, n), -8, 25)]
    tempo = U(.8, 1.3)
    s['tempo'] = [dict(ecc=float(U(1.0, 2.1) * tempo), bot=float(rng.choice([0, 0, U(.2, .5), U(.6, 1.2)])),
                       con=float(U(.8, 1.9) * tempo), top=float(U(.25, 1.1)), stick=float(U(0, .6))) for _ in range(n)]
    s['depth_var'] = [float(x) for x in np.clip(1 + rng.normal(0, .03, n), .9, 1.0)]
    s['stand_pre'], s['stand_post'] = float(U(.8, 1.8)), float(U(.6, 1.4))
    s['setup_t'], s['setup_pause'] = float(U(1.2, 2.0)), float(U(.4, 1.1))
    s['walk'] = bool(rng.random() < .3) and s['lift'] in ('squat', 'deadlift', 'sumo')
    s['noise'] = float(U(.6, 1.5))
    s['yaw_asym'] = float(rng.normal(0, 1.2))


def _camera(s, rng):
    U = rng.uniform
    s['yaw'] = float(np.clip(rng.normal(0, 20), -45, 45))
    s['side'] = str(rng.choice(['left', 'right']))
    s['focal_eq'] = float(rng.choice([U(24, 30), U(30, 40), U(48, 60)], p=[.6, .25, .15]))   # 35 mm equivalent, millimetres
    s['fill'] = float(U(.50, .76) if s['portrait'] else U(.66, .88))                         # stature / image height
    s['cam_h'] = float(rng.choice([U(.35, .7), U(.8, 1.25), U(1.25, 1.6)], p=[.25, .55, .2]))
    s['handheld'] = float(rng.choice([0, U(.4, 1.0)], p=[.6, .4]))
    s['aim'] = [float(rng.normal(0, .03)), float(rng.normal(0, .02))]
    s['roll'] = float(rng.normal(0, .6))
    s['crf'] = int(rng.integers(21, 28))
    s['sensor_noise'] = float(U(0, 3.5))
    s['blur'] = float(rng.choice([U(.42, .5), U(.5, .9)], p=[.6, .4]))


def _look(s, rng):
    U, female = rng.uniform, s['gender']
    skin = SKIN_TONES[int(rng.integers(len(SKIN_TONES)))]
    if s['phenotype']['african'] > .6:
        skin = SKIN_TONES[int(rng.integers(3, 6))]
    c1 = hsv(rng.random(), U(0, .85), U(.12, .92))
    c2 = hsv(rng.random(), U(0, .8), U(.2, .95))
    c3 = hsv(rng.random(), U(0, .5), U(.07, .42))
    if female:
        top = str(rng.choice(['tshirt', 'tank', 'crop', 'long'], p=[.35, .25, .3, .1]))
        bottom = str(rng.choice(['leggings', 'tights', 'shorts'], p=[.6, .2, .2]))
        hair = str(rng.choice(['ponytail01', 'braid01', 'bob02', 'short03'], p=[.55, .2, .15, .1]))
    else:
        top = str(rng.choice(['tshirt', 'tank', 'none', 'long'], p=[.6, .2, .1, .1]))
        bottom = str(rng.choice(['shorts', 'long_shorts', 'leggings', 'pants'], p=[.5, .25, .15, .1]))
        hair = str(rng.choice(['short01', 'short02', 'short03', 'short04'], p=[.25, .3, .15, .3]))
    loose = float(U(.018, .045)) if top == 'tshirt' and rng.random() < .45 else 0.0
    return dict(skin_tone=skin, shirt=c1.tolist(), shirt2=c2.tolist(), short=c3.tolist(), short2=(c3 * .5 + c2 * .5).tolist(),
                sock=[float(U(.08, .95))] * 3, pattern=int(rng.choice([0, 0, 0, 1, 2, 3, 4, 5])),
                pattern2=int(rng.choice([0, 0, 0, 3])), top=top, bottom=bottom, tuck=bool(rng.random() < .2), hair=hair,
                hair_color=HAIR_TONES[int(rng.integers(len(HAIR_TONES)))], brow=str(rng.choice(['eyebrow001', 'eyebrow006', 'eyebrow010'])),
                shoes=str(rng.choice(['shoes01', 'shoes02', 'shoes04'], p=[.15, .7, .15])),
                shoe_color=hsv(rng.random(), U(0, .7), U(.1, .9)).tolist(),
                iris=[(.25, .16, .09), (.25, .35, .45), (.25, .32, .2)][int(rng.integers(3))], loose=loose,
                sock_h=float(U(.02, .16)), wrinkle=float(U(.02, .07)))


def _fit_length(s):
    """One entry a rep in every list; loaded pulls are not faster than about 1.1 s; clips no longer than max_seconds."""
    if len(s['faults']) < s['reps']:
        s['faults'] = (s['faults'] * s['reps'])[:s['reps']]
    for key in ('tempo', 'thor_amp', 'depth_var'):
        s[key] = (s[key] * s['reps'])[:s['reps']]
    if s['lift'] in ('deadlift', 'sumo', 'rdl'):
        for tempo in s['tempo']:
            tempo['con'], tempo['ecc'] = .75 + .6 * tempo['con'], .70 + .6 * tempo['ecc']
    while len(timeline(s)['t']) > s.get('max_seconds', 19.5) * s['fps']:
        if s['reps'] > 2:
            s['reps'] -= 1
            for key in ('faults', 'tempo', 'thor_amp', 'depth_var'):
                s[key] = s[key][:s['reps']]
            continue
        for tempo in s['tempo']:
            for phase in tempo:
                tempo[phase] *= .9
        s['stand_pre'] *= .9
