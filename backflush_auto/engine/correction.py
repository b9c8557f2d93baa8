"""What stays of a component once a report is corrected, in plain Python."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """What a posting took of a component, as far as it was not taken back.

    :param expected: what the posting expected, in the component's unit
    :param consumed: what it took, in the component's unit
    """

    expected: float
    consumed: float

    def correct(self, kept):
        """Take back a part: what a person entered beyond the expected quantity stays.

        :param kept: what of the expected quantity stays, in the component's unit
        :return: :class:`Part` that comes back
        """
        kept = min(kept, self.expected)
        surplus = max(0.0, self.consumed - self.expected)
        back = max(0.0, self.consumed - kept - surplus)
        return Part(self.expected - kept, min(back, self.consumed))

    def reverse(self, kept=0.0):
        """Take back all of it, with what a person entered beyond it.

        :param kept: what later postings of the order count upon, in the component's
            unit
        :return: :class:`Part` that comes back
        """
        kept = min(kept, self.expected)
        return Part(self.expected - kept, max(0.0, self.consumed - kept))


def divide_kept(needed, covered, parts):
    """Divide what stays of one component among the parts that a posting took of it.

    The source is the engine's own formula, target minus covered.

    :param needed: the target of all that is reported once the correction is made
    :param covered: what was dealt with in all, before it
    :param parts: list of expected quantities of the posting that is corrected
    :return: list of what stays of each, all in the component's unit
    """
    left = max(0.0, round(needed - covered + sum(parts), 12))
    kept = []
    for expected in parts:
        kept.append(min(max(0.0, expected), left))
        left = round(left - kept[-1], 12)
    return kept
