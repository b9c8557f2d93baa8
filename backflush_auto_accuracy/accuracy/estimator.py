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
        residuals / noise.sds,
    )


def _get_prior_sds(expected, days):
    a_day = abs(expected.sum()) / max(days.sum(), 1e-9)
    return np.append(np.full(expected.shape[1], BETA_SD), LOSS_SD * max(a_day, 1e-6))


def _fit_all(terms, differences, noise, prior_sds):
    """The means where every cause is at work: good enough to tell outliers by."""
    scaled = terms * prior_sds
    solved = noise.inverse @ scaled
    precision = scaled.T @ solved + np.eye(len(prior_sds))
    return prior_sds * np.linalg.solve(precision, solved.T @ differences)


class _Noise:
    """The covariance, inverted, of what is left where all causes are known."""

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
        covariance = self._build(self.of_counts, self.of_process)
        self.sds = np.sqrt(covariance.diagonal())
        self.inverse = np.linalg.inv(covariance)

    def _build(self, of_counts, of_process):
        return (self.ends * of_counts) @ self.ends.T + np.diag(of_process)

    def weigh(self, residuals):
        """Let outliers count less: a count that is off, or an event in an interval.

        What each error is likely to be, given all that is left, is compared with what
        it usually is; where it is more, its variance is raised until it is not.
        """
        solved = self.inverse @ residuals
        of_counts = self._raise(
            self.of_counts,
            self.ends.T @ solved,
            self._get_end_information(self.inverse),
        )
        of_process = self._raise(self.of_process, solved, np.diag(self.inverse))
        self.inverse = np.linalg.inv(self._build(of_counts, of_process))

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
    """All models of one component, weighed.

    A model has two terms, each of which may be empty; all are worked out together, in
    units of the standard deviations of the priors.
    """

    def __init__(self, terms, differences, noise, prior_sds):
        self.scale = prior_sds
        self.count = len(differences)
        scaled = terms * prior_sds
        solved = noise.inverse @ differences
        gram = scaled.T @ noise.inverse @ scaled
        self._fit(gram, scaled.T @ solved, float(differences @ solved))
        self.weights = np.exp(self.logs - self.logs.max())
        self.weights /= self.weights.sum()
        self.nothing = float(self.weights[0])
        self.mean = self._sum(self.means) * prior_sds

    def _fit(self, gram, moment, square):
        """Log of the probability of each model, its two means and their variances."""
        size = len(moment)
        one, other = np.triu_indices(size, 1)
        empty = np.full(size, size)
        self.one = np.concatenate([[size], np.arange(size), one])
        self.other = np.concatenate([[size], empty, other])
        gram = np.pad(gram, (0, 1))
        moment = np.append(moment, 0.0)
        ones, others = moment[self.one], moment[self.other]
        shared = gram[self.one, self.other]
        precision = gram.diagonal() + 1.0
        ones_own, others_own = precision[self.one], precision[self.other]
        determinant = ones_own * others_own - shared**2
        self.means = (
            (others_own * ones - shared * others) / determinant,
            (ones_own * others - shared * ones) / determinant,
        )
        left = np.maximum(square - ones * self.means[0] - others * self.means[1], 0.0)
        degrees = NOISE_COUNTS + self.count
        priors = np.append(np.full(size - 1, LINE_PRIOR), LOSS_PRIOR)
        odds = np.append(np.log(priors / (1 - priors)), 0.0)
        # What is the same for all models is left out.
        self.logs = odds[self.one] + odds[self.other] - np.log(determinant) / 2
        self.logs -= degrees / 2 * np.log1p(left / NOISE_COUNTS)
        spread = np.maximum((NOISE_COUNTS + left) / degrees, 1e-12) / determinant
        self.variances = (spread * others_own, spread * ones_own)

    def _sum(self, values):
        """The weighed sums over all models, by term; one that is not there is zero.

        :param values: of the first and of the second term of each model
        """
        size = len(self.scale)
        return sum(
            np.bincount(terms, self.weights * of_terms, size + 1)[:size]
            for terms, of_terms in zip((self.one, self.other), values, strict=True)
        )

    def get_estimates(self):
        """Of each term: whether it is there, and what it is where it is."""
        there = self._sum((1.0, 1.0))
        squares = [
            mean**2 + variance
            for mean, variance in zip(self.means, self.variances, strict=True)
        ]
        safe = np.maximum(there, 1e-300)
        mean = self._sum(self.means) / safe
        sd = np.sqrt(np.maximum(self._sum(squares) / safe - mean**2, 0.0))
        return [
            Estimate(float(p), float(m * s), float(d * s))
            for p, m, d, s in zip(there, mean, sd, self.scale, strict=True)
        ]
