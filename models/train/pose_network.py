"""MediaPipe's pose landmark network on one picture (ONNX Runtime), with the decoding of `src/vision`."""
import math
import os

import cv2
import numpy as np
import onnxruntime

CROP_PX, HEAT_PX = 256, 64
REFINE_HALF = 4             # 9x9 window, as MediaPipe 0.10.21
REFINE_MIN = 0.5
CIRCLE_SCALE = 1.25


def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -60, 60)))


def circle_roi(hip, top):
    """(centre x, y, size, rotation) of the crop: mid-hip, and the point that gives its size and which way is up."""
    distance = math.hypot(top[0] - hip[0], top[1] - hip[1])
    return hip[0], hip[1], 2 * distance * CIRCLE_SCALE, math.atan2(top[0] - hip[0], -(top[1] - hip[1]))


class PoseNetwork:
    def __init__(self, model):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = int(os.environ.get('OMP_NUM_THREADS', '1'))
        self.session = onnxruntime.InferenceSession(model, options, providers=['CPUExecutionProvider'])

    def look(self, rgb, roi):
        """Dict of presence; landmarks (33, 4: x, y, depth in image pixels, visibility); world (33, 3, metres); mask (256, 256, 0 to 1);
        image_from_crop; next_roi, where a tracker would look next."""
        x, y, size, turn = roi
        k = size / CROP_PX
        c, s = math.cos(turn) * k, math.sin(turn) * k
        half = CROP_PX / 2
        M = np.array([[c, -s, x - half * (c - s)], [s, c, y - half * (s + c)]])
        crop = cv2.warpAffine(rgb, M, (CROP_PX, CROP_PX), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
        image = np.ascontiguousarray((crop.astype(np.float32) / 255).transpose(2, 0, 1)[None])
        raw, presence, mask, heat, world = self.session.run(['landmarks', 'presence', 'mask', 'heatmap', 'world'], {'input': image})
        points = refined(raw.reshape(39, 5).astype(np.float64), heat[0])
        places = points[:, :2] @ M[:, :2].T + M[:, 2]
        world = world.reshape(39, 3)[:33].astype(np.float64)
        world = np.c_[world[:, :2] @ (M[:, :2] / k).T, world[:, 2]]
        landmarks = np.c_[places, points[:, 2] * k, sigmoid(points[:, 3])][:33]
        return dict(presence=float(presence.ravel()[0]), landmarks=landmarks, world=world, mask=sigmoid(mask[0, 0]), image_from_crop=M,
                    next_roi=circle_roi(places[33], places[34]))


def refined(points, heat):
    """Landmarks moved to the centre of mass of the heat map about them."""
    for j in range(len(points)):
        column, row = int(points[j, 0] / CROP_PX * HEAT_PX), int(points[j, 1] / CROP_PX * HEAT_PX)
        if min(points[j, :2]) < 0 or column >= HEAT_PX or row >= HEAT_PX:
            continue
        c0, c1 = max(0, column - REFINE_HALF), min(HEAT_PX, column + REFINE_HALF + 1)
        r0, r1 = max(0, row - REFINE_HALF), min(HEAT_PX, row + REFINE_HALF + 1)
        p = sigmoid(heat[j, r0:r1, c0:c1].astype(np.float64))
        if p.max() >= REFINE_MIN:
            points[j, 0] = (p.sum(0) * np.arange(c0, c1)).sum() / p.sum() * CROP_PX / HEAT_PX
            points[j, 1] = (p.sum(1) * np.arange(r0, r1)).sum() / p.sum() * CROP_PX / HEAT_PX
    return points
