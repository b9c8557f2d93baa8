from collections import defaultdict

from odoo import fields, models

from ...context import get_private, with_private
from ...errors import refuse
from ..mrp_backflush_rule import QUANTITY_RULE
from ..record.guards import get_changed
from ..tolerance.mrp_production import Issue

# What an order stores of each component of its bill of materials.
RECIPE_FIELDS = (
    "bom_line_id",
    "product_id",
    "product_uom",
    "backflush_method",
    "backflush_ratio",
    *QUANTITY_RULE,
)
# The fields that determine which components an order gets.
RECIPE_SOURCES = {
    "backflush",
    "bom_id",
    "consumption",
    "product_id",
    "product_uom_id",
    "never_product_template_attribute_value_ids",
}


class MrpProduction(models.Model):
    """What the bill of materials of an order allows to consume.

    Edits of an order change what it consumes by default. What a ``strict`` or
    ``warning`` bill of materials allows is what it said when the order was made or last
    updated from it.
    """

    _inherit = "mrp.production"

    backflush_recipe = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="What the bill of materials said when the order was made or last updated "
        "from it: a strict one allows nothing else.",
    )

    # --- What is remembered ---

    def _remember_backflush_recipe(self):
        """Store what the bill of materials says now."""
        orders = with_private(self.sudo(), record=True).filtered("backflush")
        checked = orders.filtered(lambda o: o.bom_id and o.consumption != "flexible")
        (orders - checked).filtered("backflush_recipe").backflush_recipe = False
        recipes = checked._read_backflush_recipes()
        # Orders of one size remember the same, which is written once.
        for alike in checked.grouped(lambda order: repr(recipes[order])).values():
            alike.backflush_recipe = recipes[alike[0]]

    def _filter_backflush_sources(self, vals):
        """The orders that get other components, or remember nothing so far.

        :param vals: about to be written
        """
        if RECIPE_SOURCES.isdisjoint(vals):
            return self.browse()
        return self.filtered(
            lambda order: (
                not order.sudo().backflush_recipe
                or order.state == "draft"
                and get_changed(order, RECIPE_SOURCES, vals)
            )
        )

    def _hand_over_backflush_recipe(self, orders):
        """Let the orders of a split keep the recipe of the undivided order.

        :param orders: each order of ``self``, followed by those split from it
        """
        recipe = False
        for order in with_private(orders.sudo(), record=True).filtered("backflush"):
            if order in self:
                recipe = order.backflush_recipe
            else:
                order.backflush_recipe = recipe

    def _read_backflush_recipes(self):
        """What the bills of materials make of these orders now.

        :return: ``{order: list of the values of RECIPE_FIELDS}``
        """
        lines = self.env["mrp.bom.line"]
        recipes = {order: [] for order in self}
        # Without what a person has chosen on the draft.
        for values in with_private(self, recipe={})._get_moves_raw_values():
            order = self.browse(values["raw_material_production_id"])
            recipes[order].append(
                {
                    **{name: values.get(name) or False for name in RECIPE_FIELDS},
                    **lines.browse(values["bom_line_id"])._get_backflush_tolerance(),
                }
            )
        return recipes

    def _get_backflush_recipe(self):
        """What is allowed; of an order that does not remember it, the BoM as it is."""
        self.ensure_one()
        return self.sudo().backflush_recipe or self._read_backflush_recipes()[self]

    # --- What is allowed ---

    def _may_backflush_differ(self, moves):
        """Whether something else may be consumed than the bill of materials says.

        :param moves: the components that are posted
        """
        if any(move._may_backflush_differ() for move in moves):
            return True
        matched, missing = self._match_backflush_recipe()
        parts = self.move_raw_ids.filtered(lambda move: move.state != "cancel")
        opened = {move._get_backflush_key() for move in moves}
        return bool(missing or matched.keys() - opened) or any(
            move._get_backflush_key() not in matched
            or move._is_backflush_edited(matched[move._get_backflush_key()])
            for move in parts._filter_backflush()
        )

    def _match_backflush_recipe(self):
        """Find the component of each entry of the recipe.

        :return: ``({key of a component: entry}, entries without a component)``
        """
        moves = self.move_raw_ids.filtered(lambda move: move.state != "cancel")
        groups = moves._filter_backflush()._group_backflush_parts()
        free = dict(sorted(groups.items()))
        matched, left = {}, self._get_backflush_recipe()
        for is_like in (_is_of_line, _is_of_product):
            entries, left = left, []
            for entry in entries:
                key = next((k for k, m in free.items() if is_like(m, entry)), None)
                if key is None:
                    left.append(entry)
                else:
                    matched[key] = free.pop(key)._convert_backflush_entry(entry)
        return matched, left

    def _get_backflush_allowed(self, moves, totals, is_whole):
        """What the bill of materials allows a posting to consume.

        :param moves: the components that are posted
        :param totals: ``{order: quantity}`` they are due for
        :param is_whole: these are all the components of the order
        :return: ``{product: quantity in its unit}``; None where it allows anything
        """
        self.ensure_one()
        matched, missing = self._match_backflush_recipe()
        allowed = defaultdict(float)
        known = moves.filtered(lambda move: move._get_backflush_key() in matched)
        for move, quantity in (
            with_private(known, recipe=matched)._get_backflush_expected(totals).items()
        ):
            allowed[move.product_id] += move._get_backflush_product_qty(quantity)
        if is_whole:
            opened = {move._get_backflush_key() for move in moves}
            gone = self.move_raw_ids._filter_backflush()._group_backflush_parts()
            missing = [(self.env["stock.move"], entry) for entry in missing]
            missing += [
                (with_private(gone[key], recipe=matched), entry)
                for key, entry in matched.items()
                if key not in opened
            ]
            for parts, entry in missing:
                product, quantity = self._get_backflush_missing(
                    parts, entry, totals[self]
                )
                allowed[product] += quantity
        return allowed

    def _get_backflush_missing(self, parts, entry, total):
        """What is due of a component that was taken from the order.

        :param parts: the moves of it that are done
        :param entry: of the recipe
        :param total: reported so far, in the order's unit
        :return: ``(product, quantity in its unit)``
        """
        product = self.env["product.product"].browse(entry["product_id"])
        unit = self.env["uom.uom"].browse(entry["product_uom"])
        rule = self.env["stock.move"]._make_backflush_rule(
            entry["backflush_ratio"], entry, product, unit
        )
        if entry["backflush_method"] == "start":
            total = max(total, self.product_qty)
        done = parts._filter_backflush_dealt()
        due = rule.expected(
            self._get_backflush_units(total),
            prior=self._get_backflush_units(self.backflush_prior_qty),
            covered=sum(move._get_backflush_covering_qty(unit) for move in done),
        )
        return product, unit._compute_quantity(
            due, product.uom_id, rounding_method="HALF-UP"
        )

    def _get_backflush_all_issues(self):
        """What these orders would consume other than allowed, or than was meant.

        :return: list of :class:`.Issue`
        """
        found = []
        for order in self:
            issues = order._get_backflush_consumption_issues()
            found += issues + order._find_backflush_outdated(issues)
        return found

    def _get_backflush_consumption_issues(
        self, moves=None, totals=None, stays=False, entered=None
    ):
        """What would be consumed other than allowed, in the form of Odoo's own check.

        :param moves: the components that are posted, where it is not all that are open
        :param totals: ``{order: quantity}`` they are due for, where it is not what was
            entered
        :param stays: whether the order stays open for what remains
        :param entered: ``{move: quantity in its unit}`` that a person is about to
            enter; the others are what they are without it
        :return: list of :class:`.Issue`
        """
        self.ensure_one()
        entered = entered or {}
        if self.consumption == "flexible" or not self.bom_id:
            return []
        is_whole = moves is None
        if is_whole:
            moves = self.move_raw_ids._filter_backflush_open()
        totals = totals or self._get_backflush_totals()
        made = self._find_backflush_over_completion(totals[self]) if is_whole else []
        tolerances = self._get_backflush_tolerances()
        if not (tolerances or entered or self._may_backflush_differ(moves)):
            return made
        allowed = self._get_backflush_allowed(moves, totals, is_whole)
        consumed = defaultdict(float)
        for move, quantity in moves._get_backflush_expected(totals).items():
            if move in entered:
                quantity = entered[move]
            elif move._is_backflush_recorded():
                quantity = move._get_picked_quantity()
            elif move.backflush_method == "manual":
                quantity = 0.0
            consumed[move.product_id] += move._get_backflush_product_qty(quantity)
        closes = is_whole and self._closes_backflush(totals, stays)
        beyond, within = self._find_backflush_beyond(
            moves, totals, allowed, consumed, closes
        )
        return [
            *made,
            *beyond.values(),
            *(
                Issue(self, product, consumed[product], allowed[product])
                for product in {**allowed, **consumed}
                if product not in within
                and product not in beyond
                and product.uom_id.compare(consumed[product], allowed[product])
            ),
        ]

    # --- What is not allowed ---

    def _check_backflush_strict(self, issues):
        """Apply a strict bill of materials to a report, as the form does for a person.

        :param issues: see :meth:`_get_backflush_consumption_issues`
        """
        if self.consumption != "strict":
            return
        if self.env.user.has_group("mrp.group_mrp_manager"):
            return
        if issues:
            lines = self._describe_backflush_issues(issues)
            title = self.env._(
                "The bill of materials of %(order)s allows no consumption other than "
                "expected:",
                order=self.name,
            )
            described = [issue.describe() for issue in issues]
            raise refuse("\n".join([title, *lines]), "tolerance", issues=described)

    def _check_backflush_skipped(self):
        """Hold whoever skips Odoo's question to a strict bill of materials.

        Odoo's button does it for a manager only, but any program can skip the question.

        :raises UserError: where a plain user does
        """
        if not self.env.context.get("skip_consumption"):
            return
        if get_private(self.env, "identities"):
            return  # a report is held to it where it is entered
        for order in self.filtered("backflush"):
            # What a subcontractor records is checked by Odoo where it is recorded.
            if "subcontractor_id" in order._fields and order.subcontractor_id:
                continue
            issues = order._get_backflush_consumption_issues()
            order._check_backflush_strict(issues)
            order._note_backflush_issues(issues)

    def _check_backflush_loosened(self, vals):
        """Refuse that a plain user makes a strict order take anything.

        :param vals: about to be written
        :raises UserError: where they do
        """
        names = {"consumption", "bom_id"}.intersection(vals)
        if not names or self.env.user.has_group("mrp.group_mrp_manager"):
            return
        for order in self.filtered(
            lambda order: order.backflush and order.state not in ("draft", "done")
        ):
            is_other = any(
                order._fields[name].convert_to_cache(vals[name], order)
                not in (
                    order._fields[name].convert_to_cache(order[name], order),
                    name == "consumption" and order.bom_id.consumption,
                )
                for name in names
            )
            if order.consumption == "strict" and is_other:
                raise refuse(
                    self.env._(
                        "%(order)s has a strict bill of materials: ask a manufacturing "
                        "administrator to change that.",
                        order=order.name,
                    ),
                    "access",
                )


def _is_of_line(moves, entry):
    return bool(entry["bom_line_id"]) and (
        moves[:1].bom_line_id.id == entry["bom_line_id"]
        and _is_of_product(moves, entry)
    )


def _is_of_product(moves, entry):
    return moves[:1].product_id.id == entry["product_id"]
