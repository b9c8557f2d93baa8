"""A factory whose mistakes are known, to see which of them are found."""

from dataclasses import dataclass

import numpy as np

from .estimator import FEWEST_COUNTS, History, estimate

DAYS = 7.0


@dataclass(frozen=True)
class Planted:
    """One component: its counts, and what is wrong with it.

    :param history: :class:`.History`
    :param betas: by what part each line is wrong
    :param loss: lost a day
    """

    history: History
    betas: object
    loss: float

    @property
    def is_clean(self):
        """Whether nothing is wrong with it."""
        return not self.loss and not np.any(self.betas)


@dataclass(frozen=True)
class Score:
    """What was found of what was planted.

    :param proposals: how many were made
    :param right: how many of them name a line that is wrong
    :param wrong_lines: how many lines were wrong
    :param errors: how far the right ones are off
    :param clean: how many components nothing was wrong with
    :param false_alarms: for how many of these there was a proposal
    """

    proposals: int
    right: int
    wrong_lines: int
    errors: list
    clean: int
    false_alarms: int

    @property
    def precision(self):
        """The part of the proposals that is right."""
        return self.right / self.proposals if self.proposals else 1.0

    @property
    def recall(self):
        """The part of the wrong lines that is found."""
        return self.right / self.wrong_lines if self.wrong_lines else 1.0

    @property
    def error(self):
        """How far nine in ten of the right proposals are off, at most."""
        return float(np.quantile(self.errors, 0.9)) if self.errors else 0.0


def plant(
    rng,
    counts=10,
    wrong=0.15,
    lossy=0.1,
    outliers=0.03,
    count_sd=1.5,
    process_sd=0.006,
):
    """One component of one to four lines, counted every week.

    Products are made in campaigns: what a line is expected to take varies from week to
    week, and some weeks it takes nothing.

    :param rng: ``numpy.random.Generator``
    :return: :class:`Planted`
    """
    lines = rng.integers(1, 5)
    level = rng.uniform(100, 800, lines)
    expected = level * rng.lognormal(0, 0.6, (counts, lines))
    expected *= rng.random((counts, lines)) > 0.25
    signs = rng.choice([-1, 1], lines)
    betas = np.where(
        rng.random(lines) < wrong, signs * rng.uniform(0.02, 0.1, lines), 0.0
    )
    daily = expected.sum() / counts / DAYS
    loss = rng.uniform(0.01, 0.05) * daily if rng.random() < lossy else 0.0
    errors = rng.normal(0, count_sd, counts + 1)
    off = rng.random(counts + 1) < outliers
    errors[off] += rng.choice([-1, 1], off.sum()) * rng.uniform(20, 100, off.sum())
    used = expected.sum(axis=1)
    drift = (
        expected @ betas + loss * DAYS + rng.normal(0, 1, counts) * process_sd * used
    )
    differences = drift + errors[:-1] - errors[1:]
    ages = DAYS * np.arange(counts)[::-1]
    days = np.full(counts, DAYS)
    history = History(differences, expected, days, ages, count_sd, process_sd)
    return Planted(history, betas, loss)


def propose(history):
    """Which lines would be proposed to be changed, and to what.

    :return: ``{number of the line: Estimate}``
    """
    if len(history.differences) < FEWEST_COUNTS:
        return {}
    result = estimate(history)
    return {number: line for number, line in enumerate(result.lines) if line.is_clear()}


def propose_by_least_squares(history):
    """The same by ordinary least squares, each line and a loss, at 95 %."""
    terms = np.column_stack([history.expected, history.days])
    count, size = terms.shape
    if count <= size:
        return {}
    values, *_rest = np.linalg.lstsq(terms, history.differences, rcond=None)
    left = history.differences - terms @ values
    spread = left @ left / (count - size)
    sds = np.sqrt(np.diag(np.linalg.pinv(terms.T @ terms)) * spread)
    return {
        number: _Fitted(value)
        for number, (value, sd) in enumerate(zip(values, sds, strict=True))
        if number < size - 1 and abs(value) > 1.96 * sd
    }


@dataclass(frozen=True)
class _Fitted:
    value: float


def score(components, how=propose):
    """Compare proposals with what was planted.

    :param components: list of :class:`Planted`
    :param how: function of a :class:`.History`
    :return: :class:`Score`
    """
    proposals = right = wrong_lines = clean = false_alarms = 0
    errors = []
    for component in components:
        found = how(component.history)
        betas = component.betas
        wrong_lines += int(np.count_nonzero(betas))
        proposals += len(found)
        clean += component.is_clean
        false_alarms += component.is_clean and bool(found)
        for number, line in found.items():
            if betas[number]:
                right += 1
                errors.append(abs(line.value - betas[number]))
    return Score(proposals, right, wrong_lines, errors, clean, false_alarms)
