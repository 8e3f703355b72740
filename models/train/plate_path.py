"""The near plate as the program's tracker would have followed it over a lifter's stills (`src/vision/plate/path.rs`)."""
import numpy as np

NEVER_FOUND, OTHER_ROUND_THING = .10, .05           # shares of lifters
BIAS, JITTER, SIZE_SD = .008, .005, .02             # trunk lengths, trunk lengths, share of the height
MOST_LOST = .3              # share of a lifter's frames
LEAST_IN_PICTURE = .65      # share of the rim


def rim_in_picture(lifter, info, near_rim):
    """(x, y, radius) in pixels: the outer face of the largest plate at the end of the bar that is nearer to the camera."""
    camera = lifter.camera
    centre = info['bar'] + (1 if lifter.spec['side'] == 'left' else -1) * near_rim * info['bar_dir']
    x, y = camera.project(0, centre[None])[0]
    away = -(camera.views[0][:3, :3] @ centre + camera.views[0][:3, 3])[2]
    return x, y, lifter.spec['plates']['r'] * camera.focal_px / away


def plate_path(rims, trunk_px, size, rng):
    """Rows (frame, x, y, height) in pixels of the frames in which it is followed."""
    if not rims or rng.random() < NEVER_FOUND:
        return []
    off = rng.normal(0, .25 if rng.random() < OTHER_ROUND_THING else BIAS, 2) * trunk_px
    height, lost = 2 * np.median([r for _, _, r in rims]) * rng.normal(1, SIZE_SD), rng.uniform(0, MOST_LOST)
    around = np.linspace(0, 2 * np.pi, 60)
    rows = []
    for frame, (x, y, r) in enumerate(rims):
        rim = np.c_[x + r * np.cos(around), y + r * np.sin(around)]
        in_picture = ((rim > 0) & (rim < size)).all(1).mean()
        if in_picture >= LEAST_IN_PICTURE and 0 < x < size[0] and 0 < y < size[1] and rng.random() >= lost:
            px, py = np.array([x, y]) + off + rng.normal(0, JITTER, 2) * trunk_px
            rows.append((frame, px, py, height))
    return rows
