"""When a component drifts, in plain Python: the two-sided CUSUM of Page (1954).

What differences have left unexplained is added up, less a slack; where the sum passes a
limit, something has changed that no single count shows.
"""

from dataclasses import dataclass

# In standard deviations: shifts of twice the slack are found fastest, and with this
# limit a component that is right alarms about once in 465 counts.
SLACK = 0.5
LIMIT = 5.0
# One count that is far off says no more than this.
MOST = 4.0


@dataclass(frozen=True)
class Drift:
    """A drift that has passed the limit.

    :param sign: 1 where more is used than recorded, -1 where less is
    :param counts: in how many counts it has grown, the last one included
    """

    sign: int
    counts: int


def find_drift(residuals):
    """Tell whether a component drifts, as of its last count.

    :param residuals: what is unexplained of each difference, in standard deviations,
        the oldest first
    :return: :class:`Drift`, or None
    """
    for sign in (1, -1):
        total, counts = 0.0, 0
        for residual in residuals:
            total += min(sign * residual, MOST) - SLACK
            counts += 1
            if total <= 0:
                total, counts = 0.0, 0
        if total > LIMIT:
            return Drift(sign, counts)
    return None
