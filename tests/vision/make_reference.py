#!/usr/bin/env python3
"""Writes the reference that the parity test compares with: what the published TFLite networks say of one rendered frame.

usage: make_reference.py CLIP TFLITE_FOLDER        (once; needs numpy, opencv-python-headless, ai-edge-litert)

Beside this file: detector_input.png, landmark_input.png (the networks' inputs, lossless) and reference.json.
TFLITE_FOLDER holds the .tflite files of the package named in models/README.md.
"""

import json
import os
import sys

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

HERE = os.path.dirname(os.path.abspath(__file__))


def outputs(path, picture):
    interpreter = Interpreter(model_path=path, num_threads=1)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture[None])
    interpreter.invoke()
    return [interpreter.get_tensor(detail["index"]) for detail in interpreter.get_output_details()]


def sigmoid(values):
    return 1 / (1 + np.exp(-values.astype(np.float64)))


def refined(points, heat):
    """The landmarks moved to the centre of mass of their heat maps, 9 x 9 cells."""
    places = points[:, :2].astype(np.float64)
    for joint, (x, y) in enumerate(points[:, :2]):
        column, row = int(x / 4), int(y / 4)
        if not (0 <= x and 0 <= y and column < 64 and row < 64):
            continue
        rows, columns = slice(max(0, row - 4), row + 5), slice(max(0, column - 4), column + 5)
        weights = sigmoid(heat[rows, columns, joint])
        if weights.max() >= 0.5:
            ys, xs = np.meshgrid(np.arange(64)[rows], np.arange(64)[columns], indexing="ij")
            places[joint] = [4 * (weights * xs).sum() / weights.sum(), 4 * (weights * ys).sum() / weights.sum()]
    return places


def main():
    clip, folder = sys.argv[1:]
    capture = cv2.VideoCapture(clip)
    capture.set(cv2.CAP_PROP_POS_MSEC, 2000)
    _, frame = capture.read()
    height, width = frame.shape[:2]
    side = max(height, width)
    square = np.zeros((side, side, 3), np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = frame
    detector_input = cv2.resize(square, (224, 224), interpolation=cv2.INTER_AREA)
    boxes, scores = outputs(f"{folder}/pose_detection.tflite", detector_input[..., ::-1].astype(np.float32) * (2 / 255) - 1)
    boxes, scores = boxes.reshape(-1, 12), scores.ravel()
    best = np.argsort(-scores)[:20]

    hips, reach = boxes[best[0], 4:6], boxes[best[0], 6:8]
    cells = np.repeat([28, 14, 7], [28 * 28 * 2, 14 * 14 * 2, 7 * 7 * 6])[best[0]]
    first, each = {28: (0, 2), 14: (1568, 2), 7: (1960, 6)}[cells]
    cell = (best[0] - first) // each
    anchor = (np.array([cell % cells, cell // cells]) + 0.5) / cells * 224
    scale = side / 224
    centre, half = (hips + anchor) * scale, 1.25 * np.hypot(*(reach - hips)) * scale
    x0, y0, size = int(centre[0] - half), int(centre[1] - half), int(2 * half)
    padded = cv2.copyMakeBorder(square, size, size, size, size, cv2.BORDER_CONSTANT)
    crop = padded[y0 + size : y0 + 2 * size, x0 + size : x0 + 2 * size]
    landmark_input = cv2.resize(crop, (256, 256), interpolation=cv2.INTER_AREA)
    results = outputs(f"{folder}/pose_landmark_full.tflite", landmark_input[..., ::-1].astype(np.float32) / 255)
    points, presence, mask, heat, world = results
    points = points.reshape(39, 5)

    cv2.imwrite(f"{HERE}/detector_input.png", detector_input)
    cv2.imwrite(f"{HERE}/landmark_input.png", landmark_input)
    numbers = lambda values: [round(float(v), 6) for v in np.ravel(values)]
    reference = {
        "boxes": [{"index": int(i), "score": round(float(scores[i]), 6), "values": numbers(boxes[i])} for i in best],
        "presence": float(presence.ravel()[0]),
        "refined_px": [numbers(p) for p in refined(points, heat.reshape(64, 64, 39))[:33]],
        "visibility": numbers(sigmoid(points[:33, 3])),
        "world": [numbers(p) for p in world.reshape(39, 3)[:33]],
        "mask_every_16th_logit": numbers(mask.reshape(256, 256)[::16, ::16]),
    }
    with open(f"{HERE}/reference.json", "w") as file:
        json.dump(reference, file, indent=None, separators=(",", ":"))
        file.write("\n")
    print("presence", reference["presence"], "score", reference["boxes"][0]["score"])


if __name__ == "__main__":
    main()
