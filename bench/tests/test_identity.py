"""A backflushed completion writes the rows of stock Odoo, in every scenario."""

import pytest

from bench import compare, sides

from . import scenarios
from .scene import Scene


@pytest.mark.parametrize("name", scenarios.ALL)
def test_same_rows(env, name):
    scene = Scene(env, scenarios.ALL[name])
    outcomes = [play(scene, side) for side in (sides.STOCK, sides.MANUAL)]
    ours = play(scene, sides.OURS)
    found = compare.judge(ours, outcomes).differences
    assert list(map(str, found)) == scene.shop.differences


def play(scene, side):
    """Let a side play a scene, and see that it really did.

    :return: `Written`
    """
    written, seen = scene.play(side)
    assert seen == scene.shop.expected, side.title
    assert ("mrp_backflush" in written.rows) == side.backflush
    return written
