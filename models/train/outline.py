"""The edge of the person mask, the same rings that `src/vision` writes."""
import contourpy
import cv2
import numpy as np

MASK_PX = 256
MIN_HOLE_AREA_PX = 0.002 * MASK_PX**2
POINT_SPACING_PX = 2.5
# Mask gradient, probability per pixel, that counts as fully sharp.
SHARP_GRADIENT = 0.5


def outline(mask, image_from_crop, hip, shoulder):
    """Rings of [x, y, sharpness] in image pixels, outer ring first, then holes. mask: 256x256 probability, 0 to 1."""
    p = mask.astype(np.float32)
    p[[0, -1], :] = 0
    p[:, [0, -1]] = 0
    lines = contourpy.contour_generator(z=p, name='serial', line_type='Separate').lines(0.5)
    lines = [ring for ring in lines if len(ring) > 8 and np.allclose(ring[0], ring[-1])]
    if not lines:
        return []
    kept = _trunk_ring_and_holes(lines, _trunk_points(image_from_crop, hip, shoulder))
    gy, gx = np.gradient(p)
    return [_resampled(ring, np.hypot(gx, gy), image_from_crop) for ring in kept]


def _trunk_points(image_from_crop, hip, shoulder):
    crop_from_image = cv2.invertAffineTransform(image_from_crop)
    along = hip + np.linspace(0, 1, 9)[:, None] * (shoulder - hip)
    return along @ crop_from_image[:, :2].T + crop_from_image[:, 2]


def _inside(ring, point):
    return cv2.pointPolygonTest(ring.astype(np.float32), tuple(map(float, point)), False) > 0


def _trunk_ring_and_holes(lines, trunk):
    area = [abs(cv2.contourArea(ring.astype(np.float32))) for ring in lines]
    score = [(sum(_inside(ring, q) for q in trunk), a) for ring, a in zip(lines, area)]
    outer = max(range(len(lines)), key=lambda i: score[i])
    holes = [ring for i, ring in enumerate(lines) if i != outer and area[i] > MIN_HOLE_AREA_PX and _inside(lines[outer], ring[0])]
    return [lines[outer], *holes]


def _resampled(ring, gradient, image_from_crop):
    s = np.r_[0, np.cumsum(np.hypot(*np.diff(ring, axis=0).T))]
    at = np.linspace(0, s[-1], max(int(s[-1] / POINT_SPACING_PX), 4), endpoint=False)
    x, y = (np.interp(at, s, ring[:, k]).astype(np.float32) for k in (0, 1))
    sharp = np.minimum(1, cv2.remap(gradient, x[None], y[None], cv2.INTER_LINEAR)[0] / SHARP_GRADIENT)
    edge = MASK_PX - 2.5
    sharp[(x < 1.5) | (y < 1.5) | (x > edge) | (y > edge)] = 0          # cut by the crop, not an edge of the body
    image = np.c_[x, y] @ image_from_crop[:, :2].T + image_from_crop[:, 2]
    return [[round(float(a), 1), round(float(b), 1), round(float(c), 2)] for (a, b), c in zip(image, sharp)]
