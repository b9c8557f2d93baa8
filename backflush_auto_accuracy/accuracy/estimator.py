"""Which line of a recipe is wrong, and by how much, in plain Python with numpy.

For one component at one place, over the intervals k between its counts:

    difference_k = Σ_j beta_j × expected_kj + loss × days_k + noise_k

where j goes over the lines that the component was consumed through. The record is set
to each count, so the error of a count stands in two differences with opposite signs:
the noise of neighbours is correlated, and the covariance says so.

Which of these terms there are is unknown. Each possible cause, and each pair of them,
is a model; its marginal likelihood says how probable it is, and the estimates are
averaged over the models (Bayesian model averaging; Hoeting et al. 1999). How much noise
there is beyond what the settings say is integrated out, too: the likelihood is
Student's t.
"""

from dataclasses import dataclass
from itertools import combinations
from math import exp, lgamma, log, pi

import numpy as np

# Standard deviation of what a line may be wrong by, and of the loss a day as a part of
# what is used a day.
BETA_SD = 0.05
LOSS_SD = 0.03
# How probable it is beforehand that a given line, or a steady loss, is at work.
LINE_PRIOR, LOSS_PRIOR = 0.05, 0.05
# What the settings say of the noise weighs as much as so many counts.
NOISE_COUNTS = 20
# Differences lose half of their weight in so many days.
HALF_LIFE = 182.6
# Beyond so many standard deviations an error counts as an outlier (Huber).
OUTLIER = 1.5
# Rounds of looking for them: quick ones, then those that weigh the causes.
QUICK_ROUNDS, ROUNDS = 2, 2
# Normal: 95 % of it lies within.
WIDTH = 1.96
FEWEST_COUNTS = 4
LIKELY = 0.8


@dataclass(frozen=True)
class History:
    """The counts of one component at one place, the oldest first.

    :param differences: recorded minus counted, of each interval
    :param expected: what was expected in each interval, by line: K × J
    :param days: how long each interval was
    :param ages: days since the end of each interval
    :param count_sd: standard deviation of one count
    :param process_sd: standard deviation of what was used, as a part of it
    """

    differences: object
    expected: object
    days: object
    ages: object
    count_sd: float = 1.5
    process_sd: float = 0.006


@dataclass(frozen=True)
class Estimate:
    """What is known of one cause.

    :param probability: that it is at work at all
    :param value: estimate where it is: part of the line's quantity, or loss a day
    :param sd: standard deviation of that estimate
    """

    probability: float
    value: float
    sd: float

    @property
    def low(self):
        """Lower end of the interval that holds 95 %."""
        return self.value - WIDTH * self.sd

    @property
    def high(self):
        """Upper end of that interval."""
        return self.value + WIDTH * self.sd

    def is_clear(self):
        """Whether it is likely, and its interval leaves nothing out of doubt."""
        return self.probability >= LIKELY and self.low * self.high > 0


@dataclass(frozen=True)
class Result:
    """What the counts of a component say.

    :param lines: an :class:`Estimate` for each line
    :param loss: that of the loss a day
    :param nothing: probability that nothing is wrong
    :param residuals: what is left of each difference, in standard deviations
    """

    lines: list
    loss: Estimate
    nothing: float
    residuals: object


def estimate(history):
    """Weigh all causes of the differences of a component.

    :param history: :class:`History`
    :return: :class:`Result`
    """
    differences = np.asarray(history.differences, float)
    expected = np.asarray(history.expected, float).reshape(len(differences), -1)
    days = np.asarray(history.days, float)
    terms = np.column_stack([expected, days])
    prior_sds = _get_prior_sds(expected, days)
    noise = _Noise(history, expected.sum(axis=1))
    for _round in range(QUICK_ROUNDS):
        noise.weigh(
            differences - terms @ _fit_all(terms, differences, noise, prior_sds)
        )
    for _round in range(ROUNDS):
        posterior = _Posterior(terms, differences, noise, prior_sds)
        noise.weigh(differences - terms @ posterior.mean)
    posterior = _Posterior(terms, differences, noise, prior_sds)
    residuals = differences - terms @ posterior.mean
    estimates = posterior.get_estimates()
    return Result(
        estimates[:-1],
        estimates[-1],
        posterior.nothing,
        residuals / np.sqrt(np.diag(noise.plain)),
    )


def _get_prior_sds(expected, days):
    a_day = abs(expected.sum()) / max(days.sum(), 1e-9)
    return np.append(np.full(expected.shape[1], BETA_SD), LOSS_SD * max(a_day, 1e-6))


def _fit_all(terms, differences, noise, prior_sds):
    """The means where every cause is at work: good enough to tell outliers by."""
    scaled = terms * prior_sds
    solved = np.linalg.solve(noise.covariance, scaled)
    precision = scaled.T @ solved + np.eye(len(prior_sds))
    return prior_sds * np.linalg.solve(precision, solved.T @ differences)


class _Noise:
    """The covariance of what is left where all causes are known."""

    def __init__(self, history, used):
        count = len(used)
        ages = np.asarray(history.ages, float)
        fade = 2.0 ** (ages / HALF_LIFE)
        self.of_counts = np.append(fade[:1], fade) * history.count_sd**2
        # Something may happen while nothing is used, too: else it could be no outlier.
        spread = np.maximum(history.process_sd * used, history.count_sd)
        self.of_process = spread**2 * fade
        # Without any error of counting there would be nothing to invert.
        self.of_counts = np.maximum(self.of_counts, 1e-12)
        # The error of the count before comes in, that of the count itself goes out.
        self.ends = np.zeros((count, count + 1))
        index = np.arange(count)
        self.ends[index, index] = 1.0
        self.ends[index, index + 1] = -1.0
        self.plain = self._build(self.of_counts, self.of_process)
        self.covariance = self.plain

    def _build(self, of_counts, of_process):
        return (self.ends * of_counts) @ self.ends.T + np.diag(of_process)

    def weigh(self, residuals):
        """Let outliers count less: a count that is off, or an event in an interval.

        What each error is likely to be, given all that is left, is compared with what
        it usually is; where it is more, its variance is raised until it is not.
        """
        inverse = np.linalg.inv(self.covariance)
        solved = inverse @ residuals
        of_counts = self._raise(
            self.of_counts,
            self.ends.T @ solved,
            self._get_end_information(inverse),
        )
        of_process = self._raise(self.of_process, solved, np.diag(inverse))
        self.covariance = self._build(of_counts, of_process)

    @staticmethod
    def _get_end_information(inverse):
        """The diagonal of ``ends.T @ inverse @ ends``."""
        own = np.diag(inverse)
        information = np.append(own, 0.0) + np.append(0.0, own)
        information[1:-1] -= 2 * np.diag(inverse, 1)
        return information

    @staticmethod
    def _raise(variances, score, information):
        """The variances with which no standardised score is beyond the limit."""
        weight = np.abs(score) / np.sqrt(np.maximum(information, 1e-300))
        return variances * np.maximum(1.0, (weight / OUTLIER)) ** 2


class _Posterior:
    """All models of one component, weighed."""

    def __init__(self, terms, differences, noise, prior_sds):
        factor = np.linalg.cholesky(noise.covariance)
        terms = np.linalg.solve(factor, terms) * prior_sds
        differences = np.linalg.solve(factor, differences)
        self.scale = prior_sds
        self.count = len(differences)
        self.gram = terms.T @ terms
        self.moment = terms.T @ differences
        self.square = float(differences @ differences)
        self.models = [self._fit(chosen) for chosen in self._get_choices()]
        top = max(model[0] for model in self.models)
        weights = np.array([exp(model[0] - top) for model in self.models])
        self.weights = weights / weights.sum()
        self.nothing = float(self.weights[0])
        self.mean = self._get_mean()

    def _get_choices(self):
        size = len(self.scale)
        for number in range(min(2, size) + 1):
            yield from combinations(range(size), number)

    def _fit(self, chosen):
        """Log of the probability of a model, its means and its covariance.

        All terms are in units of their prior's standard deviation.
        """
        chosen = list(chosen)
        priors = [LINE_PRIOR] * (len(self.scale) - 1) + [LOSS_PRIOR]
        total = sum(log(p if i in chosen else 1 - p) for i, p in enumerate(priors))
        precision = self.gram[np.ix_(chosen, chosen)] + np.eye(len(chosen))
        covariance = np.linalg.inv(precision) if chosen else precision
        mean = covariance @ self.moment[chosen]
        left = max(self.square - float(self.moment[chosen] @ mean), 0.0)
        if chosen:
            total -= 0.5 * np.linalg.slogdet(precision)[1]
        degrees = NOISE_COUNTS + self.count
        total += lgamma(degrees / 2) - lgamma(NOISE_COUNTS / 2)
        total -= self.count / 2 * log(NOISE_COUNTS * pi)
        total -= degrees / 2 * log(1 + left / NOISE_COUNTS)
        spread = (NOISE_COUNTS + left) / degrees
        return total, chosen, mean, covariance * max(spread, 1e-12)

    def _get_mean(self):
        """The means over all models, where a term that is not in one is zero."""
        mean = np.zeros(len(self.scale))
        for weight, (_log, chosen, values, _covariance) in zip(
            self.weights, self.models, strict=True
        ):
            mean[chosen] += weight * values
        return mean * self.scale

    def get_estimates(self):
        """Of each term: whether it is there, and what it is where it is."""
        size = len(self.scale)
        there, first, second = np.zeros(size), np.zeros(size), np.zeros(size)
        for weight, (_log, chosen, values, covariance) in zip(
            self.weights, self.models, strict=True
        ):
            there[chosen] += weight
            first[chosen] += weight * values
            second[chosen] += weight * (values**2 + np.diag(covariance))
        safe = np.maximum(there, 1e-300)
        mean = first / safe
        sd = np.sqrt(np.maximum(second / safe - mean**2, 0.0))
        return [
            Estimate(float(p), float(m * s), float(d * s))
            for p, m, d, s in zip(there, mean, sd, self.scale, strict=True)
        ]
