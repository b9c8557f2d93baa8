from odoo import api, models

from ..context import get_private, with_private
from ..finite import FiniteCost
from .stock_move_fixed import check_recorded

# What Odoo takes for the time spent, where none is tracked, when an order is posted.
ESTIMATED_FIELDS = {"duration", "duration_unit"}


class MrpWorkorder(models.Model):
    _inherit = "mrp.workorder"

    backflush_posted_cost = FiniteCost(
        readonly=True,
        copy=False,
        groups="mrp.group_mrp_manager",
        help="Cost of this work order that earlier postings of the order have given to "
        "its finished goods.",
    )

    @api.depends("operation_id", "workcenter_id", "qty_producing", "qty_production")
    def _compute_duration_expected(self):
        # Odoo expects another time with every quantity that is entered.
        others = self - self._filter_backflush_held()
        return super(MrpWorkorder, others)._compute_duration_expected()

    @api.model_create_multi
    def create(self, vals_list):
        names = self._get_backflush_recorded_fields()
        check_recorded(self, names, vals_list, is_new=True)
        return super().create(vals_list)

    def write(self, vals):
        check_recorded(self, self._get_backflush_recorded_fields(), [vals])
        # The posting of a part ends no work order, so there is nothing to estimate yet.
        estimated = ESTIMATED_FIELDS.intersection(vals)
        if estimated and self.production_id._filter_backflush_staying_open():
            vals = {name: vals[name] for name in vals if name not in estimated}
            if not vals:
                return True
        return super().write(vals)

    def button_finish(self, *args, **kwargs):
        # Odoo fills and picks the components of a finished work order; on a backflushed
        # order the posting decides that.
        workorders = with_private(self, hold_components=True)
        workorders._report_backflush_rest()
        workorders._expect_backflush_reported()
        posted = self.production_id._filter_backflush_posted()
        entered = {order: order.qty_producing for order in posted}
        res = super(MrpWorkorder, workorders).button_finish(*args, **kwargs)
        # Odoo brings an order down to its work order that is furthest behind.
        for order, quantity in entered.items():
            if order.qty_producing != quantity:
                order.qty_producing = quantity
        return res

    def _set_qty_producing(self, *args, **kwargs):
        # Odoo brings an order to its work order that is furthest behind. What is about
        # to be posted, and what is posted, stands.
        held = self.filtered(lambda workorder: workorder._is_backflush_quantity_held())
        res = super(MrpWorkorder, self - held)._set_qty_producing(*args, **kwargs)
        held.invalidate_recordset(["qty_producing"], flush=False)
        return res

    def _is_backflush_quantity_held(self):
        """Whether the quantity entered on the order is not that of this work order."""
        order = self.production_id
        if not order.backflush:
            return False
        if get_private(self.env, "hold_early") and order.qty_producing:
            return True
        return order.product_uom_id.compare(self.qty_producing, order.qty_produced) < 0

    def _report_backflush_rest(self):
        """Let work orders of which a part is posted finish for all of the order.

        Odoo keeps the quantity that is on the work order, here that of the part.
        """
        for order, workorders in self.grouped("production_id").items():
            if order._filter_backflush_posted():
                entered = order._compare_backflush_to_posted()
                quantity = order.qty_producing if entered else order.product_qty
                workorders._set_backflush_produced(quantity)

    def _set_backflush_produced(self, quantity):
        """Raise the produced quantity of open work orders of one order.

        :param quantity: in the order's unit
        """
        order = self.production_id
        reported = order.qty_producing
        opened = self.filtered(lambda w: w.state not in ("done", "cancel"))
        for own, workorders in opened.grouped(
            lambda workorder: workorder._get_backflush_own_share(quantity)
        ).items():
            behind = workorders.filtered(
                lambda w, own=own: w.product_uom_id.compare(w.qty_produced, own) < 0
            )
            if behind:
                behind.qty_produced = own
                order.qty_producing = reported  # see button_finish

    def _get_backflush_own_share(self, quantity):
        """What is left to be reported here of a quantity of the order.

        Some of the order may have been reported before it was split from another.

        :param quantity: in the order's unit
        """
        return max(0.0, quantity - self.qty_reported_from_previous_wo)

    def _update_qty_producing(self, *args, **kwargs):
        # The order's quantity has changed, but not what was produced of it.
        if not self.production_id._filter_backflush_posted():
            return super()._update_qty_producing(*args, **kwargs)
        return None

    @api.model
    def _get_backflush_recorded_fields(self):
        """The names of the fields that only a posting writes."""
        return {"backflush_posted_cost", "backflush_posted_qty"}

    # --- Time ---

    def _expect_backflush_reported(self):
        """Expect the time for what is reported, where that is not all of the order."""
        for workorder in self._filter_backflush_held():
            order = workorder.production_id
            unit, entered = order.product_uom_id, order.qty_producing
            if unit.compare(entered, order.qty_produced) and unit.compare(
                entered, order.product_qty
            ):
                reported = with_private(workorder, reported_time=True)
                workorder.duration_expected = reported._get_duration_expected(
                    ratio=entered / order.product_qty
                )

    def _filter_backflush_held(self):
        """The open work orders that expect the time of the whole order.

        Where Odoo knows no operation, it cannot expect it again once it expects less.
        """
        return self.filtered(
            lambda workorder: (
                workorder.state not in ("done", "cancel")
                and workorder.production_id.backflush
                and workorder.production_id.state != "draft"
                and (
                    not workorder.operation_id
                    or workorder.production_id._filter_backflush_posted()
                )
            )
        )

    def _get_duration_expected(self, *args, **kwargs):
        order = self.production_id
        stays = (
            order._filter_backflush_posted() | order._filter_backflush_staying_open()
        )
        if stays and not get_private(self.env, "reported_time"):
            self = self.new({"qty_producing": 0.0}, origin=self._origin)
        return super()._get_duration_expected(*args, **kwargs)

    # --- Cost ---

    def _cal_cost(self, *args, **kwargs):
        shares = get_private(self.env, "cost_shares", {})
        posted = self.filtered(
            lambda workorder: (
                workorder.production_id.id in shares
                and workorder.production_id.state != "done"
            )
        )
        cost = super(MrpWorkorder, self - posted)._cal_cost(*args, **kwargs)
        for workorder in posted:
            share = shares[workorder.production_id.id]
            given = workorder.sudo().backflush_posted_cost
            rest = workorder._get_backflush_cost(share) - given
            # Only the last posting takes back what the others were given too much.
            cost += rest if share == 1 else max(0.0, rest)
        return cost

    def _get_backflush_cost(self, share):
        """The cost of this work order for what is produced of its order so far.

        Time that is tracked on an open work order was spent on what is produced; what
        is estimated, and what is over, is for the whole order.

        :param share: of the order that is produced, 0 to 1
        :return: cost in the currency of the company
        """
        self.ensure_one()
        # Asked for by Odoo itself, it is what the posting under way has yet to give.
        workorder = with_private(self, cost_shares=None)
        if share == 1 or self.state == "done" or self._should_estimate_cost():
            return workorder._cal_cost() * share
        if self.time_ids:
            return workorder._cal_cost()
        hourly = self.costs_hour or self.workcenter_id.costs_hour
        return self.duration_expected / 60 * hourly * share

    def _carry_on_backflush(self, share):
        """Record the posting of a part on the work orders of an order.

        :param share: of the order that is produced, 0 to 1
        """
        for workorder in with_private(self.sudo(), record=True):
            workorder.backflush_posted_cost = max(
                workorder.backflush_posted_cost, workorder._get_backflush_cost(share)
            )
            produced = workorder.production_id.qty_producing
            workorder.backflush_posted_qty = max(
                workorder.backflush_posted_qty,
                workorder._get_backflush_own_share(produced),
            )
        self._set_backflush_produced(self.production_id.qty_producing)
