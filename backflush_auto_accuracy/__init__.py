from . import context
from . import models
from . import wizards


def post_init_hook(env):
    """Begin with the inventories that the database has already."""
    env["mrp.backflush.count"]._record_past()
