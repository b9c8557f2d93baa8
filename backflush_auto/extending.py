"""How other addons extend classes that are not models.

Each such class is made by a hook, a method of a model that others extend as they
extend any other. They hand on a class of their own, and it is called first::

    class ColdPosting(Posting):
        def check(self):
            ...
            return super().check()

    class MrpProduction(models.Model):
        _inherit = "mrp.production"

        def _make_backflush_posting(self, *args, **kwargs):
            return super()._make_backflush_posting(*args, ColdPosting, **kwargs)

Of several addons, the one that is loaded last is called first, as with models.
"""

from functools import cache


@cache
def extend(base, *extensions):
    """The class of which all that extend it are a part.

    :param base: the class that is extended
    :param extensions: classes, the first is called first
    """
    return type(base.__name__, (*extensions, base), {}) if extensions else base
