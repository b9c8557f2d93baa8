from odoo import fields, models

# What Odoo estimates for a work order when its order is posted.
ESTIMATED_FIELDS = {"duration", "duration_unit", "duration_expected"}


class MrpWorkorder(models.Model):
    _inherit = "mrp.workorder"

    backflush_posted_cost = fields.Float(
        readonly=True,
        copy=False,
        groups="mrp.group_mrp_manager",
        help="Cost of this work order that earlier postings of the order have given to "
        "its finished goods.",
    )

    def write(self, vals):
        # The posting of a part ends no work order, so there is nothing to estimate yet.
        estimated = ESTIMATED_FIELDS.intersection(vals)
        if estimated and self.production_id._filter_backflush_staying_open():
            vals = {name: vals[name] for name in vals if name not in estimated}
            if not vals:
                return True
        return super().write(vals)

    def button_finish(self):
        # Odoo fills and picks the components of a finished work order; on a backflushed
        # order the posting decides that.
        workorders = self.with_context(backflush_hold_components=True)
        workorders._report_backflush_rest()
        return super(MrpWorkorder, workorders).button_finish()

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
        behind = self.filtered(
            lambda workorder: (
                workorder.state not in ("done", "cancel")
                and order.product_uom_id.compare(workorder.qty_produced, quantity) < 0
            )
        )
        if behind:
            behind.qty_produced = quantity
            # Odoo brings the order down to its work order that is furthest behind.
            order.qty_producing = reported

    # --- Cost ---

    def _cal_cost(self, date=False):
        shares = self.env.context.get("backflush_cost_shares", {})
        posted = self.filtered(
            lambda workorder: (
                workorder.production_id.id in shares
                and workorder.production_id.state != "done"
            )
        )
        cost = super(MrpWorkorder, self - posted)._cal_cost(date=date)
        for workorder in posted:
            share = shares[workorder.production_id.id]
            cost += workorder._get_backflush_cost(share)
            cost -= workorder.sudo().backflush_posted_cost
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
        workorder = self.with_context(backflush_cost_shares={})
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
        for workorder in self.sudo():
            workorder.backflush_posted_cost = workorder._get_backflush_cost(share)
        self._set_backflush_produced(self.production_id.qty_producing)
