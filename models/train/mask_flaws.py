"""What the pose network does to a silhouette: soft and uneven edges, plates painted over or bitten out, blobs and bites.

Masks are 256x256 probabilities in the crop; lengths in crop pixels, about 1 cm each.
"""
import cv2
import numpy as np

MASK_PX = 256
GRID_Y, GRID_X = np.mgrid[0:MASK_PX, 0:MASK_PX].astype(np.float32)


def wavy(rng, smooth_px, size):
    """A smooth random field with standard deviation `size`."""
    cells = max(int(MASK_PX / smooth_px), 2)
    coarse = rng.normal(size=(cells, cells)).astype(np.float32)
    fine = cv2.resize(coarse, (MASK_PX, MASK_PX), interpolation=cv2.INTER_CUBIC)
    return fine * (size / max(fine.std(), 1e-6))


def warped(mask, rng, smooth_px, size):
    return cv2.remap(mask, GRID_X + wavy(rng, smooth_px, size), GRID_Y + wavy(rng, smooth_px, size), cv2.INTER_LINEAR)


# What becomes of the body behind a plate: its edge guessed; some of the plate, or all of it, taken for body; or cut out.
PLATE_FATES = ['guess', 'some', 'all', 'cut']


def blurred(mask, sigma):
    return cv2.GaussianBlur(mask, (0, 0), float(sigma))


class MaskFlaws:
    """Habits of one clip; `apply` draws the rest for each frame."""

    def __init__(self, rng):
        self.blur = rng.uniform(.6, 1.5)
        self.uneven = rng.uniform(.25, 1.1)
        self.grow = rng.normal(.1, .35)                 # a network that sees the lifter too fat or too thin, pixels
        self.close = int(rng.choice([0, 0, 3, 5]))      # gaps between limbs and trunk filled in
        self.plate_habits = rng.dirichlet([1.6, .7, .5, .8])
        self.bites = rng.uniform(.02, .25)

    def apply(self, body, near_plate, far_plate, rng):
        """body, near_plate, far_plate: areas 0 to 1. Returns the mask as the network might give it."""
        if self.close:
            body = cv2.morphologyEx(body, cv2.MORPH_CLOSE, np.ones((self.close, self.close), np.uint8))
        mask = warped(blurred(body, self.blur), rng, rng.uniform(8, 26), self.uneven * rng.uniform(.5, 1.4))
        mask = self._behind_plate(mask, body, near_plate, rng)
        if far_plate.any() and rng.random() < .25:
            near_body = blurred(body, 6) > .08
            mask = np.maximum(mask, blurred(far_plate * near_body, 2) * rng.uniform(.2, .9))
        if rng.random() < self.bites:
            mask = self._bite(mask, body, rng)
        slope = .5 / max(self.blur, .8)                 # the edge moves by `grow` pixels
        return np.clip(mask + slope * self.grow * np.exp(-((mask - .5) / .35)**2), 0, 1)

    def _behind_plate(self, mask, body, plate, rng):
        if not plate.any():
            return mask
        fate = str(rng.choice(PLATE_FATES, p=self.plate_habits))
        soft = blurred(plate, rng.uniform(.8, 2.5))
        if fate == 'cut':
            return mask * (1 - warped(soft, rng, rng.uniform(5, 14), rng.uniform(.5, 3)) * rng.uniform(.4, 1))
        guessed = warped(blurred(body, rng.uniform(1, 3)), rng, rng.uniform(6, 36), rng.uniform(.5, 3.5))
        mask = mask * (1 - soft) + guessed * soft
        if fate == 'all':
            return np.maximum(mask, blurred(plate, self.blur))
        if fate == 'some':
            reach = blurred(body, rng.uniform(2, 9)) > .1
            taken = warped(blurred(plate * reach, 1.2), rng, rng.uniform(5, 14), rng.uniform(.5, 2.5))
            mask = np.maximum(mask, taken * rng.uniform(.4, 1))
        return mask

    @staticmethod
    def _bite(mask, body, rng):
        """A soft blob taken from the edge, or stuck to it."""
        edge = np.argwhere((body > .5) & (cv2.erode(body, np.ones((3, 3), np.uint8)) <= .5))
        if not len(edge):
            return mask
        y, x = edge[rng.integers(len(edge))]
        blob = np.zeros_like(mask)
        size = tuple(int(v) for v in rng.integers(3, 16, 2))
        cv2.ellipse(blob, (int(x), int(y)), size, float(rng.uniform(0, 180)), 0, 360, 1, -1)
        blob = blurred(blob, rng.uniform(1, 4)) * rng.uniform(.3, 1)
        return mask * (1 - blob) if rng.random() < .55 else np.maximum(mask, blob)
