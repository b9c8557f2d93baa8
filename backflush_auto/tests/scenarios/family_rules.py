"""Orders that were split from one consume and plan what one would."""

from .checks import Checks


class FamilyRules(Checks):
    """Of what a family of orders consumes in total."""

    RULES = ("_family_consumes_its_target",)

    def _family_consumes_its_target(self, event, before, after):
        for family in self.oracle.all():
            made = self.oracle.produced(family.orders, after)
            to_make = self.oracle.planned(family, after)
            is_early = self.oracle.has_failed_early(family, after)
            components = self.oracle.components(family, after)
            worked = self.oracle.worked(family, after)
            for line, slot in family.slots.items():
                if line not in family.unruly:
                    failed = self.oracle.failed(family, line, after)
                    numbers = components[line]
                    planned, produced = to_make + failed, made + failed
                    least = made if is_early and not family.closed else produced
                    due = (least, produced, planned, worked + failed)
                    self._check_slot(after, family, line, slot, due, numbers)

    def _check_slot(self, after, family, line, slot, due, numbers):
        expected, consumed, still = numbers
        reported, produced, planned, reached = due
        least, most = slot.target(reported), slot.target(produced)
        if slot.method in ("operation", "start", "manual"):
            most = slot.target(family.most)
        if slot.method == "manual" and not family.closed:
            # It is accounted for when its order closes.
            least = 0
        if family.corrected:
            # What a later report took was the next step of a count that came down, and
            # what came back of an earlier one is rounded by itself.
            least, most = least - slot.step, most + slot.step
        name = f"{self._slot(line)} of family {sorted(family.orders)}"
        self._expect(
            "a family consumes its target",
            least <= expected <= most,
            "%s: produced %s, so %s to %s, expected %s",
            *(name, float(produced), float(least), float(most), float(expected)),
        )
        if line not in family.entered and slot.method != "manual":
            # What is unbuilt, and what is then corrected, are each rounded.
            undone = family.corrected and self._is_unbuilt(family, after)
            self._expect(
                "a family consumes what is expected",
                abs(consumed - expected) <= (slot.step if undone else 0),
                "%s: expected %s, consumed %s",
                *(name, float(expected), float(consumed)),
            )
        if slot.method == "manual" and family.cancelled:
            # Of what was produced before the cancelling, nobody accounts for it.
            return
        whole = most = max(expected, slot.target(planned))
        if slot.method == "operation":
            # What failed there comes on top of what was good when it left.
            most = max(most, slot.target(reached))
        self._expect(
            "a family plans its target",
            whole <= expected + still <= most,
            "%s: makes %s, so %s, expected %s and plans %s",
            *(name, float(planned), float(whole), float(expected), float(still)),
        )

    def _is_unbuilt(self, family, after):
        """Whether a part of what the family made was unbuilt, not only corrected."""
        return any(
            unbuild.mo_id in family.orders and not unbuild.backflush_id
            for unbuild in after.mrp_unbuild.values()
        )
