from collections import defaultdict, namedtuple

from markupsafe import Markup

from odoo import Command, models

from ...context import with_private
from ...engine.tolerance import Tolerance
from ...texts import format_quantity


class Issue(namedtuple("Issue", ["order", "product", "consumed", "expected"])):
    """What is consumed, or made, other than allowed: as Odoo's own check has it.

    The quantities are in the product's unit; ``limit`` is the least or the most that is
    allowed, and ``due`` what the posting at hand should consume.
    """

    def __new__(cls, order, product, consumed, expected, limit=None, due=None):
        issue = super().__new__(cls, order, product, consumed, expected)
        issue.limit = expected if limit is None else limit
        issue.due = expected if due is None else due
        return issue

    def describe(self):
        """Plain values, for programs."""
        unit = self.product.uom_id
        return {
            "product_id": self.product.id,
            "product": self.product.display_name,
            "uom": unit.name,
            "consumed": unit.round(self.consumed),
            "expected": unit.round(self.expected),
            "limit": unit.round(self.limit),
        }

    def describe_for_people(self):
        """The parts of a sentence, its quantities in the digits of units."""
        values, env = self.describe(), self.product.env
        quantities = {
            name: format_quantity(env, values[name])
            for name in ("consumed", "expected", "limit")
        }
        return {**values, **quantities, "unit": self.product.uom_id.name}


class MrpProduction(models.Model):
    """How far an order may be from its bill of materials, and from its own quantity."""

    _inherit = "mrp.production"

    def _find_backflush_over_completion(self, total):
        """What is reported beyond the quantity of the order, if that is too much.

        :param total: of good units, in the order's unit
        :return: list of :class:`Issue`, one at most
        """
        percent = self.bom_id.backflush_over_completion
        most = self.product_qty * (1 + percent / 100)
        if not percent or self.product_uom_id.compare(total, most) <= 0:
            return []
        quantities = (total, self.product_qty, most)
        return [
            Issue(self, self.product_id, *map(self._get_backflush_units, quantities))
        ]

    def _find_backflush_outdated(self, known=()):
        """What a person has entered for another reported quantity, if it fits no more.

        :param known: issues that are asked about anyway
        :return: list of :class:`Issue`
        """
        self.ensure_one()
        if self.consumption == "strict":
            return []
        moves = self.move_raw_ids._filter_backflush_open()
        outdated = moves.filtered(lambda move: move._is_backflush_outdated())
        issues = []
        for product in outdated.product_id - outdated.product_id.browse(
            issue[1].id for issue in known if issue[0] == self
        ):
            due, entered = 0.0, 0.0
            for move in moves.filtered(lambda m, p=product: m.product_id == p):
                expected = move.backflush_due_qty
                is_entered = move._is_backflush_recorded()
                quantity = move._get_picked_quantity() if is_entered else expected
                due += move._get_backflush_product_qty(expected)
                entered += move._get_backflush_product_qty(quantity)
            issues.append(Issue(self, product, entered, due))
        return issues

    def _add_backflush_limits(self, issues, action):
        """Let Odoo's question show what is allowed.

        :param issues: list of :class:`Issue`, and of Odoo's own
        :param action: that asks
        """
        lines = action["context"]["default_mrp_consumption_warning_line_ids"]
        for issue, (_command, _id, vals) in zip(issues, lines, strict=True):
            if isinstance(issue, Issue):
                vals["backflush_limit_qty"] = issue.limit

    def _add_backflush_staying_open(self, action):
        """Let Odoo's question about consumption know which orders stay open.

        It may come after the question about the rest.

        :param action: that asks
        """
        staying = self._filter_backflush_staying_open()
        if staying:
            action["context"]["default_backflush_keep_open_ids"] = staying.ids

    def _set_backflush_allowed(self):
        """Enter what is allowed: to make no more, and to consume what is due for it."""
        self.ensure_one()
        for issue in self._get_backflush_consumption_issues():
            if issue.product == self.product_id:
                self.qty_producing = issue.product.uom_id._compute_quantity(
                    issue.expected, self.product_uom_id
                )
        issues = self._get_backflush_consumption_issues()
        for issue in issues + self._find_backflush_outdated(issues):
            if issue.product != self.product_id:
                self._set_backflush_consumed(issue.product, issue.due)

    def _set_backflush_consumed(self, product, quantity):
        """Enter what is consumed of a product, on its first open component.

        :param quantity: in the product's unit
        """
        if product not in self.move_raw_ids._filter_backflush_open().product_id:
            values = self._get_move_raw_values(product, 0.0, product.uom_id)
            self.move_raw_ids = [Command.create(values)]
        moves = self.move_raw_ids.filtered(
            lambda move: (
                move.product_id == product and move.state not in ("done", "cancel")
            )
        )
        for move in moves:
            own = quantity if move == moves[0] else 0.0
            move.quantity = product.uom_id._compute_quantity(own, move.product_uom)
        moves.picked = True

    def _closes_backflush(self, totals, stays):
        """Whether the order is complete once this is posted.

        :param totals: ``{order: quantity}`` reported so far, in its unit
        :param stays: whether it stays open for what remains
        """
        if not (stays or self._filter_backflush_staying_open()):
            return True
        to_make = self._get_backflush_to_make()
        return self.product_uom_id.compare(totals[self], to_make) >= 0

    def _get_backflush_tolerances(self):
        """The tolerances of components, as the bill of materials had them.

        :return: ``{product: Tolerance}``, only those that are checked
        """
        found = {}
        for entry in self._get_backflush_recipe():
            own = Tolerance(entry.get("up", 0.0), entry.get("down", 0.0))
            if own:
                product = self.env["product.product"].browse(entry["product_id"])
                found[product] = own
        return found

    def _find_backflush_beyond(self, moves, totals, allowed, consumed, closes):
        """What is consumed beyond a tolerance, all postings of the order together.

        :param moves: the components that are posted
        :param totals: ``{order: quantity}`` they are due for
        :param allowed: ``{product: quantity}`` of this posting, in the product's unit
        :param consumed: likewise
        :param closes: whether the order is complete then
        :return: ``({product: Issue}, products that are within their tolerance)``
        """
        tolerances = self._get_backflush_tolerances()
        before = self._get_backflush_usage(moves, totals, tolerances)
        beyond, within = {}, self.env["product.product"]
        for product, tolerance in tolerances.items():
            if product not in {**allowed, **consumed}:
                continue
            used, target = before.get(product, (0.0, allowed[product]))
            due = max(0.0, target - used)
            used += consumed[product]
            least, most = tolerance.get_limits(target, closes)
            compare = product.uom_id.compare
            if most is not None and compare(used, most) > 0:
                beyond[product] = Issue(self, product, used, target, most, due)
            elif least is not None and compare(used, least) < 0:
                beyond[product] = Issue(self, product, used, target, least, due)
            else:
                within |= product
        return beyond, within

    def _get_backflush_usage(self, moves, totals, tolerances):
        """What was consumed before, and the target of all that is reported.

        :return: ``{product: (quantity, quantity)}`` in the product's unit
        """
        matched, _missing = self._match_backflush_recipe()
        usage = defaultdict(lambda: (0.0, 0.0))
        known = moves.filtered(lambda move: move._get_backflush_key() in matched)
        known = with_private(known, recipe=matched)
        counts = known._get_backflush_counts()
        for move in known.filtered(lambda move: move.product_id in tolerances):
            done = move._get_backflush_parts()._filter_backflush_dealt()
            used = sum(
                part._get_backflush_product_qty(part._get_backflush_left_consumed())
                for part in done
            )
            target = move._get_backflush_target(totals[self], counts[move])
            target = move._get_backflush_product_qty(target)
            old_used, old_target = usage[move.product_id]
            usage[move.product_id] = (old_used + used, old_target + target)
        return usage

    def _note_backflush_issues(self, issues):
        """Record on the order who went beyond its bill of materials, and how far."""
        if issues:
            lines = self._describe_backflush_issues(issues)
            title = self.env._(
                "Posted although the bill of materials does not allow it:"
            )
            body = Markup("<br/>").join([title, *lines])
            self.message_post(body=body)

    def _describe_backflush_issues(self, issues):
        """A line for each component that was recorded other than expected.

        :param issues: see :meth:`_get_backflush_consumption_issues`
        """
        return [
            self.env._(
                "- %(product)s: %(consumed)s %(unit)s instead of %(expected)s, the "
                "limit is %(limit)s",
                **issue.describe_for_people(),
            )
            if issue.product.uom_id.compare(issue.limit, issue.expected)
            else self.env._(
                "- %(product)s: %(consumed)s %(unit)s instead of %(expected)s",
                **issue.describe_for_people(),
            )
            for issue in issues
        ]
