"""What has to hold after every step, whatever it was."""

from .bystander_rules import BystanderRules
from .correction_rules import CorrectionRules
from .family_rules import FamilyRules
from .part_rules import PartRules
from .report_rules import ReportRules
from .reservation_rules import ReservationRules
from .stock_rules import StockRules

ALL = (
    *(StockRules, ReportRules, ReservationRules, FamilyRules, PartRules),
    *(BystanderRules, CorrectionRules),
)


class Rules:
    """All rules; for the parameters see :class:`.checks.Checks`."""

    def __init__(self, world, oracle, start):
        self.parts = [part(world, oracle, start) for part in ALL]

    def check(self, event, before, after):
        """Apply all rules to a step.

        :raises Broken: by the first that does not hold
        """
        for part in self.parts:
            part.check(event, before, after)
