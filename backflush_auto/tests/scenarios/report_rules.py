"""What is shown, reported and answered is what is posted."""

from collections import defaultdict

from .checks import SMALL, Checks
from .family import exact

RESULT_KEYS = {
    *("id", "name", "reference", "replayed", "production", "backorder", "components"),
}
COMPONENT_KEYS = {
    *("product_id", "product", "uom", "expected", "consumed", "variance", "deferred"),
    *("location", "lots"),
}


class ReportRules(Checks):
    """Of reports and the answers to them."""

    RULES = (
        "_all_say_the_same",
        "_reported_is_posted",
        "_posted_is_what_was_told",
        "_results_are_plain",
    )

    def _all_say_the_same(self, event, before, after):
        preview = event.shown.get("preview", {})
        for source in ("dialog", "form"):
            for move, quantity in event.shown.get(source, {}).items():
                if move in preview:
                    self._expect(
                        f"the {source} shows the preview",
                        abs(preview[move] - quantity) < SMALL,
                        "%s: preview %s, %s %s",
                        *(self._line(before, move), preview[move], source, quantity),
                    )

    def _reported_is_posted(self, event, before, after):
        if event.refused or event.idle:
            return
        for order, quantity in event.reported.items():
            factor = self.oracle.factors[after.mrp_production[order].product_uom_id]
            made = self.oracle.produced({order}, after)
            made -= self.oracle.produced({order}, before)
            self._expect(
                "what is reported is produced",
                abs(made - exact(quantity) * factor) < SMALL,
                "reported %s, produced %s",
                *(quantity, float(made / factor)),
            )
            postings = [
                row.quantity
                for number, row in after.mrp_backflush.items()
                if number not in before.mrp_backflush
                and row.production_id == order
                and row.trigger == "completion"
            ]
            self._expect(
                "one posting of what is reported",
                postings == [quantity],
                "reported %s, postings %s",
                *(quantity, postings),
            )

    def _posted_is_what_was_told(self, event, before, after):
        if event.refused or event.idle:
            return
        for order, preview in event.preview.items():
            self._check_posted(event, order, preview, before, after)

    def _check_posted(self, event, order, preview, before, after):
        shown, taken, lots = defaultdict(float), defaultdict(float), defaultdict(float)
        methods, products = {}, {}
        for values in preview["components"]:
            move = before.stock_move[values["move_id"]]
            line = move.bom_line_id
            methods[line] = move.backflush_method
            products[line] = move.product_id
            shown[line] += values["expected"]
            for lot in values["lots"]:
                lots[line, lot["lot_id"]] += lot["quantity"]
        consumed, used = defaultdict(float), defaultdict(float)
        for number, move in self._get_posted(order, before, after).items():
            taken[move.bom_line_id] += move.backflush_expected_qty or 0.0
            consumed[move.bom_line_id] += move.quantity
            for row in after.stock_move_line.values():
                if row.move_id == number and row.lot_id:
                    quantity = row.quantity_product_uom / self._unit(move)
                    used[move.bom_line_id, row.lot_id] += quantity
        for line in {*shown, *taken}:
            slot = self.oracle.families[order].slots.get(line)
            # It may have been edited on the order, which a family need not follow.
            method = methods.get(line) or (slot and slot.method)
            if method == "start" and event.remainder != "keep":
                # A backorder takes its share of the plan with it.
                continue
            if method == "manual" and not taken[line]:
                # It is accounted for when its order closes.
                continue
            self._expect(
                "expected is what was shown",
                abs(shown[line] - taken[line]) < SMALL,
                "%s: shown %s, expected %s",
                *(self._slot(line), shown[line], taken[line]),
            )
            if line in self._get_entered(order) or not slot or method == "manual":
                continue
            self._expect(
                "consumed is what was shown",
                abs(shown[line] - consumed[line]) < SMALL,
                "%s: shown %s, consumed %s",
                *(self._slot(line), shown[line], consumed[line]),
            )
            if before.mrp_production[order].state == "draft":
                # The confirmation reserves what nobody could tell before.
                continue
            named = [products.get(it) for it in event.named.get(order, ())]
            if products.get(line) in named:
                # The lots that were named afterwards are taken by another line.
                continue
            mine = {key: round(q, 4) for key, q in used.items() if key[0] == line}
            known = {key: round(q, 4) for key, q in lots.items() if key[0] == line}
            self._expect(
                "lots are those that were shown",
                mine == known,
                "%s: shown %s, consumed %s",
                *(self._slot(line), known, mine),
            )

    def _get_posted(self, order, before, after):
        """The components that this step posted of an order."""
        return {
            number: move
            for number, move in after.stock_move.items()
            if move.raw_material_production_id == order
            and move.backflush_id
            and move.backflush_id not in before.mrp_backflush
        }

    def _results_are_plain(self, event, before, after):
        for result in event.results:
            self._check_plain(result)
            if not result.get("ok", True):
                continue
            keys = {*result} - {"ok"}
            wanted = RESULT_KEYS
            if event.kind == "correct":
                wanted = wanted | {"corrects", "quantity_left"}
            self._expect("results are as agreed", keys == wanted, str(keys))
            for component in result["components"]:
                keys = {*component}
                self._expect("results are as agreed", keys == COMPONENT_KEYS, str(keys))
        for preview in event.preview.values():
            self._check_plain(preview)

    def _check_plain(self, value):
        if type(value) is dict:
            for key, inner in value.items():
                self._expect("results are plain", type(key) is str, repr(key))
                self._check_plain(inner)
        elif type(value) is list:
            for inner in value:
                self._check_plain(inner)
        else:
            plain = type(value) in (str, int, float, bool)
            self._expect("results are plain", plain, repr(value))
