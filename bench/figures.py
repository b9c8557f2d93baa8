"""Medians and ratios of what was measured. Plain values in, plain values out."""

from statistics import median


def get_total(run, name):
    """A figure of all steps of a run: ``seconds``, ``processor`` or ``queries``."""
    return sum(step[name] for step in run.values())


def get_median(runs, name, step=""):
    """The median of a figure over the runs, of one step or of all.

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


def get_spread(runs, name):
    """The least and the most of a figure over the runs."""
    values = [get_total(run, name) for run in runs]
    return min(values), max(values)


def _get(run, name, step):
    if not step:
        return get_total(run, name)
    return run[step][name] if step in run else None
