"""Medians and ratios of what was measured. Plain values in, plain values out."""

from statistics import median

# between the names of steps that are counted as one
TOGETHER = " + "
# requests that stand for those around them
NEIGHBOURS = 5


def get_total(run, name):
    """A figure of all steps of a run: ``seconds``, ``processor`` or ``queries``."""
    return sum(step[name] for step in run.values())


def get_median(runs, name, step=""):
    """The median of a figure over the runs, of one step or of all.

    :param step: its name, or those of several with `TOGETHER` in between
    :return: None where there is none
    """
    values = [_get(run, name, step) for run in runs]
    values = [value for value in values if value is not None]
    return median(values) if values else None


def get_ratio(runs, ours, name, step=""):
    """How many times as much the others took: the median of the ratios run by run.

    A run and its counterpart are neighbours in time, so that a machine that slows down
    slows both.
    """
    pairs = zip(runs, ours, strict=False)
    pairs = [(_get(run, name, step), _get(own, name, step)) for run, own in pairs]
    ratios = [other / own for other, own in pairs if other is not None and own]
    return median(ratios) if ratios else None


def get_growth(runs, name, step):
    """A figure of one of the first requests of a step, and of one of the last.

    The very first is left out: it comes upon what no other does.

    :param runs: whose step has as many requests that it matters
    :return: medians of ``NEIGHBOURS`` requests each
    """
    several = [run[step]["requests"] for run in runs]
    first, last = slice(1, 1 + NEIGHBOURS), slice(-NEIGHBOURS, None)
    return tuple(
        median(request[name] for requests in several for request in requests[part])
        for part in (first, last)
    )


def get_spread(runs, name):
    """The least and the most of a figure over the runs."""
    values = [get_total(run, name) for run in runs]
    return min(values), max(values)


def _get(run, name, step):
    if not step:
        return get_total(run, name)
    steps = step.split(TOGETHER)
    if not all(one in run for one in steps):
        return None
    return sum(run[one][name] for one in steps)
