"""What is known exactly of a posed body: joint angles, and the places of BlazePose's 33 landmarks."""
import numpy as np

LANDMARKS = 33
# Landmark index of each pair of joints, (left, right); the rest of the 33 is placed in `landmarks`.
PAIRS = dict(shoulder=(11, 12), elbow=(13, 14), wrist=(15, 16), hip=(23, 24), knee=(25, 26), ankle=(27, 28))
FINGERS = {'finger5-1': (17, 18), 'finger2-1': (19, 20), 'finger1-2': (21, 22)}
# Landmark with left and right exchanged.
MIRROR = [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9] + [i + 1 if i % 2 else i - 1 for i in range(11, LANDMARKS)]


def sagittal_deg(relative):
    """Flexion of a rotation about the left-right axis, degrees."""
    return np.degrees(np.arctan2(relative[2, 1], relative[1, 1]))


def angles(body, info):
    """Degrees, flexion positive. `lumbar` and `thoracic` are against the rest mesh: take off the lifter's own standing.

    lumbar: T12 bone frame against the pelvis; thoracic: T2 against T12; pelvis_tilt: pitch of the pelvis in the world;
    hip: thigh in the pelvis frame against rest; knee: between thigh and shank; ankle: shank from the vertical.
    """
    G, H = info['G'], body.head
    forward = np.cross(G['pelvis'][:, 0], [0, 1, 0])
    forward /= np.linalg.norm(forward)
    up = G['pelvis'][:, 1]
    out = dict(lumbar=sagittal_deg(G['pelvis'].T @ G['T12']), thoracic=sagittal_deg(G['T12'].T @ G['T2']),
               pelvis_tilt=np.degrees(np.arctan2(up @ forward, up[1])))
    for side in 'LR':
        leg = info['leg' + side]
        thigh = G['pelvis'].T @ (leg['knee'] - leg['hip'])
        rest = H[f'lowerleg01.{side}'] - H[f'upperleg01.{side}']
        shank = leg['knee'] - leg['ankle']
        out[f'hip_{side}'] = np.degrees(np.arctan2(thigh[2], -thigh[1]) - np.arctan2(rest[2], -rest[1]))
        out[f'knee_{side}'] = leg['knee_flex']
        out[f'ankle_{side}'] = np.degrees(np.arctan2(np.hypot(shank[0], shank[2]) * np.sign(shank[2]), shank[1]))
    return out


class LandmarkMap:
    """Finds the 33 landmarks on posed bodies of one shape."""

    def __init__(self, body):
        self.body = body
        r, idx = body.rest, body.base.gidx['body']
        base_y = body.head['head'][1]
        head = idx[(r[idx, 1] > base_y) & (r[idx, 1] < base_y + .55 * (body.stature - base_y))]
        middle = head[np.abs(r[head, 0]) < .01]
        self.vertex = {0: int(middle[np.argmax(r[middle, 2])])}
        self.rest_head = {}
        for k, (side, sign) in enumerate((('l', 1), ('r', -1))):
            self.vertex[7 + k] = int(head[np.argmax(sign * r[head, 0])])
            foot = idx[(r[idx, 1] < .05) & (sign * r[idx, 0] > 0)]
            self.vertex[29 + k] = int(foot[np.argmin(r[foot, 2])])
            self.vertex[31 + k] = int(foot[np.argmax(r[foot, 2])])
            eye = r[body.base.gidx[f'helper-{side}-eye']].mean(0) + [0, 0, .012]
            for j, out in enumerate((-.014, 0, .014)):
                self.rest_head[1 + 3 * k + j] = eye + [sign * out, 0, 0]
            self.rest_head[9 + k] = r[self.vertex[0]] + [sign * .024, -.042, -.022]

    def landmarks(self, info, verts):
        """(33, 3) world places."""
        G, P = info['G'], info['P']
        out = np.zeros((LANDMARKS, 3))
        for i, vertex in self.vertex.items():
            out[i] = verts[vertex]
        for i, rest in self.rest_head.items():
            out[i] = P['head'] + G['head'] @ (rest - self.body.head['head'])
        for name, pair in PAIRS.items():
            limb = 'leg' if name in ('hip', 'knee', 'ankle') else 'arm'
            for side, i in zip('LR', pair):
                out[i] = info[limb + side][name]
        for bone, pair in FINGERS.items():
            for side, i in zip('LR', pair):
                out[i] = P[f'{bone}.{side}']
        return out
