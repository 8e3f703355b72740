"""Where the camera stands and how it sees: a pinhole without distortion, OpenGL axes (looks along -Z, Y up)."""
from dataclasses import dataclass

import numpy as np

from .geometry import look_at, rx, ry
from .motion import D, band_noise


@dataclass
class Camera:
    """One view a frame. `focal_px` and `size` (width, height) are the same for all."""
    size: tuple
    focal_px: float
    distance_m: float
    direction: np.ndarray     # from the lifter to the camera, horizontal, world
    views: np.ndarray         # (frames, 4, 4) world -> camera
    eyes: np.ndarray          # (frames, 3) world

    def project(self, frame, points):
        """World points -> image pixels (x right, y down)."""
        w, h = self.size
        q = points @ self.views[frame][:3, :3].T + self.views[frame][:3, 3]
        z = -q[..., 2]
        return np.stack([w / 2 + self.focal_px * q[..., 0] / z, h / 2 - self.focal_px * q[..., 1] / z], -1)

    def pixels_per_metre(self):
        return self.focal_px / self.distance_m


def make_camera(s, rng, t, mid_z):
    """Camera of a clip spec for frame times t: bearing `yaw` off the side view, handheld sway, roll."""
    long_side = s['scale'] * 16 // 9
    w, h = (s['scale'], long_side) if s['portrait'] else (long_side, s['scale'])
    focal = max(w, h) * s['focal_eq'] / 36.0
    distance = float(np.clip(focal * (s['stature'] + .05) / (s['fill'] * h), 1.9, 6.0))
    sign = 1 if s['side'] == 'left' else -1
    yaw = s['yaw'] * D
    direction = np.array([sign * np.cos(yaw), 0, np.sin(yaw)])
    target = np.array([0, s['stature'] * .50 + s['aim'][1], mid_z + s['aim'][0] - .05])
    sway = s['handheld']
    shift = np.stack([band_noise(rng, t, .007 * sway, 1.6) for _ in range(3)], 1)
    turn = np.stack([band_noise(rng, t, .0035 * sway, 2.2, 12) for _ in range(3)], 1)
    views, eyes = [], []
    for i in range(len(t)):
        at = target + direction * distance
        eye = np.array([at[0], s['cam_h'], at[2]]) + shift[i]
        extra = np.eye(4)
        extra[:3, :3] = rx(turn[i, 1]) @ ry(turn[i, 0])
        views.append(extra @ look_at(eye, target, s['roll'] * D + turn[i, 2]))
        eyes.append(eye)
    return Camera((w, h), focal, distance, direction, np.array(views), np.array(eyes))
