"""What lifters keep the back still with: a seat behind a squat, and blocks, mats or pins that a deadlift starts from."""
import numpy as np

from .render import box, cylinder, join

CLEAR = 0.015               # m between the seat and the legs in front of it


def seat_place(lifter):
    """(height of the seat, z of its front edge): the buttocks touch it at the bottom, and the legs clear it from the top down."""
    body, low = lifter.body, lifter.resting(1.0)
    skin = body.base.gidx['body']

    def surface(info):
        return body.skin(body.bone_matrix(info['G'], info['P'], info['override']))[skin]
    sitting = surface(low)
    behind = sitting[:, 2] < low['hip'][2] + .02
    height = sitting[behind & (sitting[:, 1] > low['hip'][1] - .3), 1].min() - lifter.spec['seat']['gap']
    legs = np.concatenate([s[s[:, 1] < height - .02] for s in (sitting, surface(lifter.resting(0.0)))])
    return float(height), float(legs[:, 2].min() - CLEAR)


def seat_parts(kind, height, front):
    """Solid parts of a seat whose front edge is at z = `front` (the lifter faces +z)."""
    def slab(width, depth, thick):
        return box([0, height - thick / 2, front - depth / 2], [width, thick, depth])

    def leg(x, z):
        return cylinder([x, 0, z], [x, height - .03, z], .016, 10)
    if kind == 'box':
        return [slab(.51, .61, height)]
    if kind == 'bench':
        posts = [box([0, (height - .08) / 2, front - z], [.06, height - .08, .06]) for z in (.15, 1.05)]
        feet = [box([0, .03, front - z], [.42, .06, .06]) for z in (.15, 1.05)]
        return [slab(.28, 1.2, .08), *posts, *feet]
    if kind == 'stool':
        middle = front - .19
        return [cylinder([0, height - .06, middle], [0, height, middle], .19, 28), *(leg(x, middle + z) for x in (-.13, .13) for z in (-.13, .13))]
    back = front - .44          # a chair
    return [slab(.44, .44, .045), *(leg(x, z) for x in (-.19, .19) for z in (front - .04, back + .02)),
            *(cylinder([x, height - .03, back + .02], [x, height + .42, back - .04], .016, 10) for x in (-.19, .19)),
            box([0, height + .33, back - .03], [.40, .20, .025])]


def block_parts(kind, top, bar_z):
    """Solid parts that carry the plates at both ends ('blocks', 'mats'); `top`: height of the plates' lowest point."""
    layers = max(round(top / .05), 1) if kind == 'mats' else 1
    return [box([x * .76, top * (i + .5) / layers, bar_z], [.30 - .02 * (i % 2), top / layers - .004, .45 - .03 * (i % 2)])
            for x in (-1, 1) for i in range(layers)]


def support(lifter):
    """(mesh parts, colour) of the seat or blocks that the spec names; None without, or with pins: these are part of a rack."""
    spec = lifter.spec
    if 'seat' in spec:
        return join(seat_parts(spec['seat']['kind'], *seat_place(lifter))), spec['seat']['color']
    if spec.get('blocks', {}).get('kind') in ('blocks', 'mats'):
        bar = lifter.resting(1.0)['bar']
        top = float(bar[1]) - spec['plates']['r']
        return join(block_parts(spec['blocks']['kind'], top, float(bar[2]))), spec['blocks']['color']
    return None
