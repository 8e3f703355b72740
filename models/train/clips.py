"""Renders whole clips of a plan: NAME.mp4, NAME.truth.csv, NAME.bar.csv, NAME.json. A plan entry fixes values of lumsynth/spec.py;
its `take` films the same lifter once more, in another room and light, and the lifter sways anew.

    clips.py PLAN.json OUT_DIR [NAME ...]
"""
import csv
import json
import os
import subprocess
import sys

import numpy as np

from lumsynth.body import Body
from lumsynth.camera import make_camera
from lumsynth.lift import Lift
from lumsynth.motion import band_noise
from lumsynth.spec import FLOOR_LIFTS, sample_spec
from lumsynth.timeline import foot_track, timeline
from lumsynth.truth import LandmarkMap, angles
from stage import Stage
from stills import Lifter, base_model

DEFINITIONS = dict(
    lumbar_flexion='rotation of the T12 bone frame against the pelvis frame in the sagittal plane of the lifter, minus the same in '
                   'relaxed standing; degrees, flexion positive',
    thoracic_flexion='rotation of the T2 bone frame (T3-C7) against the T12 frame, minus standing; degrees, flexion positive',
    yaw='camera bearing off the exact side view of visible_side; degrees, positive towards the front of the lifter')
# Small movements that nobody holds still: (standard deviation, highest frequency in hertz); degrees, dx and dz metres.
SWAY = dict(lumbar=(.35, .8), thoracic=(.5, .8), roll=(.5, .8), yaw=(.6, .8), dx=(.004, .8), dz=(.004, .8), head=(1.5, .8), dpitch=(.25, .8))


class Movement:
    """States of the body over a clip."""

    def __init__(self, spec, times, rng):
        self.spec, self.times = spec, times
        self.feet = foot_track(spec, times, spec['kin']['stance_half'], spec['kin']['toe_out'])
        self.sway = {k: band_noise(rng, times['t'], rms * spec['noise'], top) for k, (rms, top) in SWAY.items()}

    def state(self, i):
        s, t = self.spec, self.times
        state = {k: v[i] for k, v in self.sway.items()}
        state['lumbar'] += s['stand_lumbar'] + t['lum'][i]
        state['thoracic'] += s['stand_thoracic'] + t['tho'][i]
        state['yaw'] += s['yaw_asym']
        state.update(u=t['u'][i], free=t['free'][i])
        if self.feet is not None:
            half = max(int(.12 * s['fps']), 1)
            near = slice(max(i - half, 0), i + half + 1)
            state['feet'] = {side: tuple(self.feet[side][i]) for side in 'LR'}
            state['az'] = .5 * (self.feet['L'][near, 2].mean() + self.feet['R'][near, 2].mean())
            state['swing'] = .6 * float(np.clip(1.3 * (self.feet['R'][i, 2] - self.feet['L'][i, 2]), -.5, .5))
        return state


def encoder(path, size, spec):
    return subprocess.Popen(
        ['ffmpeg', '-v', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', '{}x{}'.format(*size), '-r', str(spec['fps']), '-i', '-',
         '-c:v', 'libx264', '-preset', 'veryfast', '-crf', str(spec['crf']), '-pix_fmt', 'yuv420p', '-threads', '1', '-movflags', '+faststart',
         path], stdin=subprocess.PIPE)


def make_clip(spec, path):
    rng = np.random.default_rng([spec['seed'], 77] + ([spec['take']] if 'take' in spec else []))
    body = Body(base_model(), spec['phenotype'], spec['stature'])
    lift = Lift(body, dict(spec['kin'], lumbar_share=np.array(spec['lumbar_share']), thoracic0=spec['stand_thoracic']))
    times = timeline(spec)
    movement = Movement(spec, times, rng)
    lifter = Lifter(spec, body, lift, make_camera(spec, rng, times['t'], lift.mid_z), LandmarkMap(body))
    stage = Stage(lifter, rng, samples=4)
    floor_bar = None
    if spec['lift'] in FLOOR_LIFTS:
        floor_bar = lifter.resting(1.0)['bar'].copy()
    video, seen = encoder(path + '.mp4', lifter.camera.size, spec), []
    bars = []
    for i in range(len(times['t'])):
        info = lift.pose(movement.state(i))
        if floor_bar is not None and not times['bar_on'][i]:
            info['bar'], info['bar_dir'] = floor_bar, np.array([1.0, 0, 0])
        rgb, _, _ = stage.shoot(info, i)
        video.stdin.write(rgb.tobytes())
        seen.append(angles(body, info))
        if stage.near_rim:
            bars.append(bar_seen(info, i, lifter, stage.near_rim))
    video.stdin.close()
    video.wait()
    stage.close()
    truth = {k: np.array([a[k] for a in seen]) for k in seen[0]}
    truth['lumbar'] -= spec['stand_lumbar']
    truth['thoracic'] -= spec['stand_thoracic']
    write_truth(path, times, truth)
    if bars:
        write_bar(path, times, bars)
    write_summary(path, lifter, times, truth)


def bar_seen(info, frame, lifter, near_rim):
    """Height of the bar over the floor, and the rim of the near plate: place, millimetres a pixel there and in the lifter's midline."""
    camera, side = lifter.camera, 1 if lifter.spec['side'] == 'left' else -1
    rim = info['bar'] + side * near_rim * info['bar_dir']
    x, y = camera.project(frame, rim[None])[0]
    far = [-(camera.views[frame][:3, :3] @ p + camera.views[frame][:3, 3])[2] for p in (rim, info['bar'])]
    return [info['bar'][1], x, y, *(1000 * z / camera.focal_px for z in far)]


def write_bar(path, times, bars):
    with open(path + '.bar.csv', 'w', newline='') as out:
        writer = csv.writer(out, lineterminator='\n')
        writer.writerow(['time_s', 'bar_height_m', 'plate_x_px', 'plate_y_px', 'plate_mm_per_px', 'midline_mm_per_px'])
        for t, bar in zip(times['t'], bars):
            writer.writerow([f'{t:.4f}', *(f'{v:.4f}' for v in bar)])


def write_truth(path, times, truth):
    columns = dict(lumbar_flexion_deg='lumbar', thoracic_flexion_deg='thoracic', pelvis_tilt_deg='pelvis_tilt')
    columns.update({f'{k}_{s.lower()}_deg': f'{k}_{s}' for k in ('hip', 'knee', 'ankle') for s in 'LR'})
    with open(path + '.truth.csv', 'w', newline='') as out:
        writer = csv.writer(out, lineterminator='\n')
        writer.writerow(['time_s', *columns, 'phase'])
        for i, t in enumerate(times['t']):
            writer.writerow([f'{t:.4f}', *(f'{truth[k][i]:.2f}' for k in columns.values()), times['phase'][i]])


def rep_summary(rep, fault, t, lumbar):
    """Times of a rep, and the extremes of lumbar flexion in it."""
    inside = (t >= rep['start'] - 1e-6) & (t <= rep['end'] + 1e-6)
    x = lumbar[inside]
    out = {f'{k}_s': round(float(v), 3) for k, v in rep.items()}
    return dict(out, lumbar_max_deg=round(float(x.max()), 2), lumbar_max_s=round(float(t[inside][x.argmax()]), 3),
                lumbar_min_deg=round(float(x.min()), 2), lumbar_at_start_deg=round(float(x[0]), 2), intended=fault['type'])


def write_summary(path, lifter, times, truth):
    s, camera = lifter.spec, lifter.camera
    reps = [rep_summary(rep, fault, times['t'], truth['lumbar']) for rep, fault in zip(times['reps'], s['faults'])]
    summary = dict(name=os.path.basename(path), lift=s['lift'], frame_rate_hz=s['fps'], frames=len(times['t']), size_px=list(camera.size),
                   visible_side=s['side'], yaw_deg=s['yaw'], camera_distance_m=round(camera.distance_m, 2), camera_height_m=s['cam_h'],
                   stature_m=round(s['stature'], 3), plate_radius_m=s['plates']['r'], top=s['look']['top'], loose_m=s['look']['loose'],
                   seed=s['seed'], reps=reps, definitions=DEFINITIONS)
    with open(path + '.json', 'w') as out:
        json.dump(summary, out, indent=1)
        out.write('\n')


def main():
    plan, out_dir, names = json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3:]
    os.makedirs(out_dir, exist_ok=True)
    for entry in plan:
        entry = dict(entry)
        name, seed = entry.pop('name'), entry.pop('seed')
        if not names or name in names:
            make_clip(sample_spec(seed, entry), os.path.join(out_dir, name))
            print(name, flush=True)


if __name__ == '__main__':
    main()
