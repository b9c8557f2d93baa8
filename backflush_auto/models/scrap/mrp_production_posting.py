from odoo import fields, models

from ...context import get_private, with_private


class MrpProduction(models.Model):
    """What failed is posted, and an order of which all failed is closed."""

    _inherit = "mrp.production"

    def _is_backflush_only_scrapped(self):
        """Whether something failed and nothing good was ever reported on this order."""
        self.ensure_one()
        return self._has_backflush_scrap() and self.product_uom_id.is_zero(
            self.qty_producing
        )

    def _has_backflush_scrap(self):
        """Whether a report says that something failed, or was spoilt."""
        damaged = get_private(self.env, "damaged", {})
        return bool(self._get_backflush_scrapped() or damaged.get(self._origin.id))

    def _record_backflush_scrap(self, posting):
        """Record what failed, once the goods of its posting have moved.

        :param posting: ``mrp.backflush`` of this order
        """
        entries = get_private(self.env, "scrapped", {}).pop(self.id, ())
        if entries:
            rates = self._get_backflush_yield_rates()
            scraps = self.env["stock.scrap"]
            vals_list = [
                scraps._prepare_backflush_failed_vals(self, entry, posting)
                for entry in entries
            ]
            scraps._post_backflush(vals_list)
            self._count_backflush_scrap()
            self._plan_backflush_finished(rates)

    def _count_backflush_scrap(self):
        """Count what is recorded as failed on these orders."""
        for order in with_private(self.sudo(), record=True):
            failed = sum(order._get_backflush_scraps().mapped("backflush_qty"))
            order.backflush_scrapped_qty = failed

    def _post_backflush_only_scrapped(self):
        """Post what failed of orders that have made nothing good yet.

        Odoo would produce all of such an order.
        """
        orders = with_private(self, keep_open=self._ids, posting_follows=True)
        orders._button_mark_done_sanity_checks()
        byproducts = orders.move_byproduct_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        for move in byproducts:
            move.quantity = 0.0
        orders.with_context(no_procurement=True)._post_inventory()
        for order in self:
            if not order._get_backflush_remaining():
                order._close_backflush_scrapped()

    # --- Orders of which some failed ---

    def _carry_over_backflush_work(self, orders, left):
        """Count at the work orders of backorders what was done before the split.

        :param orders: each order of ``self``, followed by those split from it
        :param left: see :meth:`_get_backflush_work_left`
        """
        backorders = self.browse()
        for split in reversed(orders):
            if split not in self:
                backorders |= split
                continue
            # What is left to be done is left to the last of them.
            for backorder in backorders if split in left else ():
                backorder.workorder_ids._carry_over_backflush(left[split])
            backorders = self.browse()

    def _filter_backflush_failed(self):
        """The open orders of which all that was left to be made has failed."""
        return self.filtered(
            lambda order: (
                order.backflush_scrapped_qty
                and order.state not in ("draft", "done", "cancel")
                and not order._get_backflush_remaining()
                and not order._get_backflush_entered()
                and not order._get_backflush_scrapped()
            )
        )

    def _mark_done_backflush_failed(self, others):
        """Close orders of which all failed: their components leave, nothing comes.

        Odoo would produce all of them.

        :param others: orders that are done with them
        :return: as ``button_mark_done``
        """
        issues = self._get_consumption_issues()
        if issues:
            return self._action_generate_consumption_wizard(issues)
        self._check_backflush_skipped()
        self._post_backflush_only_scrapped()
        return others.button_mark_done() if others else True

    def _consume_backflush_failed(self):
        """Consume what was built into failed units, before these orders are cancelled.

        It is used up, whatever becomes of the rest.
        """
        for order in self.filtered(
            lambda order: (
                order.backflush
                and order.backflush_scrapped_qty
                and order.state not in ("draft", "done", "cancel")
            )
        ):
            order._set_backflush_left(order.lot_producing_ids.browse())
            rests = order.move_raw_ids._filter_backflush_open()
            if any(rests.mapped("backflush_due_qty")):
                order._post_backflush_only_scrapped()

    def _close_backflush_scrapped(self):
        """Close an order of which everything failed."""
        keep = with_private(self, keep_ratio=True, posting_follows=True)
        keep = keep.with_context(no_procurement=True, skip_mo_check=True)
        keep.workorder_ids.button_finish()
        keep.move_raw_ids._filter_backflush_open()._action_cancel()
        # As Odoo does with what an order has not made; cancelled, it would be as well.
        keep.move_finished_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        ).write({"state": "done", "product_uom_qty": 0.0})
        now = fields.Datetime.now()
        keep.write({"state": "done", "date_finished": now, "is_locked": True})
