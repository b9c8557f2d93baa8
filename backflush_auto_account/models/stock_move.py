from odoo import api, models

from odoo.addons.backflush_auto.context import with_private
from odoo.addons.backflush_auto.finite import FiniteCost


class StockMove(models.Model):
    _inherit = "stock.move"

    backflush_covered_cost = FiniteCost(
        readonly=True,
        copy=False,
        groups="mrp.group_mrp_manager",
        help="Cost of what was issued on the order that this one was split from, and "
        "is not taken again. Negative on that order, which has handed it over.",
    )

    def copy_data(self, default=None):
        # Odoo copies the value of what has moved to what is yet to move.
        vals_list = super().copy_data(default)
        for move, vals in zip(self, vals_list, strict=True):
            if "value" not in (default or {}) and move._filter_backflush_all():
                vals["value"] = 0.0
        return vals_list

    @api.model
    def _get_backflush_recorded_fields(self):
        return super()._get_backflush_recorded_fields() | {"backflush_covered_cost"}

    def _set_value(self, *args, **kwargs):
        # Receipts are counted once for all components: stock Odoo counts them again
        # for every move, 9 times the time with 400 open receipts.
        moves = self
        if len(self) > 1 and self == self._filter_backflush():
            moves = with_private(self, receipts={})
            moves.product_id.filtered(
                lambda product: product.cost_method == "fifo"
            )._read_backflush_receipts()
        return super(StockMove, moves)._set_value(*args, **kwargs)

    def _filter_backflush_issued(self):
        """What left for backflushed orders before their production was reported.

        What left for units that failed, in a posting of nothing good, is borne by the
        good units that follow.
        """
        return self.filtered(
            lambda move: (
                move.state == "done"
                and not (
                    move.backflush_id.trigger == "completion"
                    and move.backflush_id.produced_qty
                )
            )
        )._filter_backflush()

    def _group_backflush_issued(self, leaving=None):
        """What each component issued before completion, prior orders included.

        :param leaving: those that leave only now
        :return: ``{first move of the component: its moves issued before completion}``
        """
        issued = (self - (leaving or self.browse()))._filter_backflush_issued()
        covered = self.filtered("backflush_covered_cost")
        origins = (issued + covered).mapped(lambda move: move._get_backflush_origin())
        return {
            origin: issued.filtered(lambda m, o=origin: m._get_backflush_origin() == o)
            for origin in origins
        }

    def _get_backflush_issued_cost(self, issued, share):
        """The cost that this component issued before completion, for what is produced.

        :param issued: its moves that left before production was reported
        :param share: of the order that is produced, 1 where it closes
        """
        cost = self.backflush_covered_cost + sum(issued.mapped("value"))
        if share == 1:
            return cost
        return cost * min(1.0, share / self._get_backflush_issued_share(issued))

    def _get_backflush_issued_share(self, issued):
        """The part of its order that this component was issued for, 0 to 1."""
        rule = self._get_backflush_rule()
        units = 1.0 if rule.per_order else self._get_backflush_planned_units()
        need = rule.ratio * units * (1 + rule.scrap / 100)
        left = self._get_backflush_issued_qty(issued)
        return min(1.0, left / need) if left and need and not rule.per_order else 1.0

    def _get_backflush_issued_qty(self, issued):
        """What this component issued before completion, in its unit."""
        unit = self.product_uom
        return self.backflush_prior_covered_qty + sum(
            move._get_backflush_covering_qty(unit) for move in issued
        )

    def _hand_over_backflush_cost(self, successor, left):
        """Give the cost of what was issued ahead to the order whose need it covers.

        :param successor: the component on an order split from this component's, which
            covers it with what the orders before it have left
        :param left: what it leaves for the orders after it, in the same unit
        """
        origin = with_private(self.sudo(), record=True)
        successor = with_private(successor.sudo(), record=True)
        moves = origin.raw_material_production_id.move_raw_ids
        issued = moves._group_backflush_issued().get(origin, moves.browse())
        covered = successor.backflush_prior_covered_qty
        surplus = origin._get_backflush_surplus(origin._get_backflush_rule())
        held = origin._get_backflush_issued_qty(issued) - surplus + covered
        if held > 0:
            cost = origin._get_backflush_issued_cost(issued, 1.0)
            cost *= min(1.0, (covered - left) / held)
            origin.backflush_covered_cost -= cost
            successor.backflush_covered_cost += cost
