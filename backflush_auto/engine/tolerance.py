"""How far what is consumed may be from its target."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What may be consumed of a component, all postings of its order together.

    :param up: per cent above the target; 0 = not checked
    :param down: per cent below the target, once the order closes; 0 = not checked
    """

    up: float = 0.0
    down: float = 0.0

    def __bool__(self):
        return bool(self.up or self.down)

    def get_limits(self, target, closes):
        """The least and the most that may be consumed.

        :param target: of all that is reported, in any unit
        :param closes: whether the order is complete then
        :return: ``(least, most)`` in the same unit; None where it is not checked
        """
        least = target * (1 - self.down / 100) if self.down and closes else None
        most = target * (1 + self.up / 100) if self.up else None
        return least, most
