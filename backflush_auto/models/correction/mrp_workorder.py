from odoo import models

from ...context import with_private


class MrpWorkorder(models.Model):
    """Work orders of a report that is corrected: they come down in quantity."""

    _inherit = "mrp.workorder"

    def _get_backflush_corrected(self, correction):
        """What is done at these work orders once a report is corrected.

        A work order that is ahead of its order was reported by itself, and stays.

        :param correction: :class:`.Correction`
        :return: ``{workorder: quantity in the order's unit}``, those that come down
        """
        posting = correction.posting
        if posting.trigger == "operation":
            workorder = self & posting.workorder_id
            left = max(0.0, workorder.qty_produced - correction.back)
            return {workorder: left} if workorder else {}
        if posting.trigger != "completion":
            return {}
        corrected = {}
        for workorder in self.filtered(lambda w: w.state != "cancel"):
            unit = workorder.product_uom_id
            made = correction.made + correction.back
            if unit.compare(
                workorder.qty_produced, workorder._get_backflush_own_quantity(made)
            ):
                continue
            gone = sum(
                scrap.backflush_qty
                for scrap in correction.scraps
                if scrap._get_backflush_failure().has_left(workorder.id)
            )
            left = max(
                workorder._get_backflush_own_quantity(correction.made) - gone,
                workorder._get_backflush_reported_here(),
            )
            if unit.compare(left, workorder.qty_produced) < 0:
                corrected[workorder] = left
        return corrected

    def _get_backflush_reported_here(self):
        """What reports at this work order have posted, in the order's unit."""
        postings = self.production_id.sudo().backflush_ids.filtered(
            lambda posting: (
                posting.workorder_id == self and posting.trigger == "operation"
            )
        )
        return sum(postings.mapped("quantity_left"))

    def _take_back_backflush(self, quantity, cost, takes_time):
        """Bring a work order down to what is left of what was done there.

        :param quantity: in the order's unit
        :param cost: what of its cost was given to finished goods
        :param takes_time: whether its time goes as well, in proportion
        """
        self.ensure_one()
        before = self.qty_produced
        share = quantity / before if before else 0.0
        # A report starts it without a timer: without one, nobody works there.
        is_idle = self.state == "progress" and not (quantity or self.time_ids)
        if self.state == "done" or is_idle:
            self.state = "progress" if quantity else "ready"
        recorded = with_private(self.sudo(), record=True)
        recorded.backflush_posted_cost = cost * share
        recorded.backflush_posted_qty = min(self.backflush_posted_qty, quantity)
        self.qty_produced = quantity
        if takes_time and self.duration:
            self.duration *= share

    def _get_backflush_given_cost(self):
        """What of the cost of this work order was given to finished goods."""
        self.ensure_one()
        if self.production_id.state != "done":
            return self.sudo().backflush_posted_cost
        return with_private(self, cost_shares=None)._cal_cost()
