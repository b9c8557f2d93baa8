from odoo import api, models

from ..context import get_private, with_private, without_defaults
from ..finite import FiniteCost, FiniteFloat
from .log.mrp_production import WORKORDER_ENTRIES
from .record.guards import check_recorded

# Odoo estimates these when an order is posted without tracked time.
ESTIMATED_FIELDS = {"duration", "duration_unit"}


class MrpWorkorder(models.Model):
    _inherit = "mrp.workorder"

    backflush_posted_cost = FiniteCost(
        readonly=True,
        copy=False,
        groups="mrp.group_mrp_manager",
        help="Cost of this work order that earlier postings of the order have already "
        "added to its finished goods.",
    )
    backflush_posted_qty = FiniteFloat(
        "Posted Quantity",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="The part of the quantity done here whose components have left stock.",
    )

    @api.depends("operation_id", "workcenter_id", "qty_producing", "qty_production")
    def _compute_duration_expected(self):
        # Odoo changes the expected duration with every quantity that is entered.
        others = self - self._filter_backflush_whole_duration()
        return super(MrpWorkorder, others)._compute_duration_expected()

    @api.model_create_multi
    def create(self, vals_list):
        names = self._get_backflush_recorded_fields()
        check_recorded(self, names, vals_list, is_new=True)
        return super().create(vals_list)

    def write(self, vals):
        check_recorded(self, self._get_backflush_recorded_fields(), [vals])
        # A partial posting finishes no work order, so there is nothing to estimate yet.
        estimated = ESTIMATED_FIELDS.intersection(vals)
        if estimated and self.production_id._filter_backflush_staying_open():
            vals = {name: vals[name] for name in vals if name not in estimated}
            if not vals:
                return True
        idle = self._filter_backflush_idle(vals)
        if idle:
            others = (self - idle).write(vals)
            return idle.write({**vals, "qty_produced": 0.0}) and others
        followers = self._find_backflush_followers(vals)
        res = super().write(vals)
        self._relocate_backflush_followers(followers)
        return res

    def button_start(self, *args, **kwargs):
        if any(self.production_id.mapped("backflush")):
            self = without_defaults(self)
        self._lock_backflush_postings("button_start")
        res = super().button_start(*args, **kwargs)
        if not get_private(self.env, "posting_follows"):
            self.production_id._post_backflush_start()
        # XML-RPC cannot send None.
        return res or True if self.production_id._filter_backflush_interim() else res

    def button_finish(self, *args, **kwargs):
        if any(self.production_id.mapped("backflush")):
            self = without_defaults(self)
        if question := self._ask_backflush_unfinished():
            return question
        known = self.production_id._get_backflush_told(WORKORDER_ENTRIES)
        finished = self.filtered(lambda w: w.state not in ("done", "cancel"))
        finished._lock_backflush_postings(
            "button_finish", "action_mark_as_done", "set_state"
        )
        # Odoo fills and picks the components of a finished work order; on a backflushed
        # order the posting decides that.
        workorders = with_private(self, skip_picking=True)
        workorders._report_backflush_rest()
        workorders._expect_backflush_reported()
        entered = self._get_backflush_posted_entries()
        finished._filter_backflush_unreported()._report_backflush_left()
        res = super(MrpWorkorder, workorders).button_finish(*args, **kwargs)
        self._restore_backflush_entries(entered)
        if not get_private(self.env, "posting_follows"):
            finished._post_backflush_operation()
        return self.production_id._tell_backflush_posted(res, known)

    def _should_start_timer(self, *args, **kwargs):
        # A program reports work already done: there is no time to track.
        if get_private(self.env, "without_timer"):
            return False
        return super()._should_start_timer(*args, **kwargs)

    def _set_qty_producing(self, *args, **kwargs):
        # Odoo lowers an order's quantity to that of its slowest work order. Keep what
        # is posted or about to be posted.
        kept = self.filtered(
            lambda workorder: workorder._keeps_backflush_order_quantity()
        )
        kept |= (self - kept)._enter_backflush_good()
        res = super(MrpWorkorder, self - kept)._set_qty_producing(*args, **kwargs)
        kept.invalidate_recordset(["qty_producing"], flush=False)
        return res

    def _update_qty_producing(self, *args, **kwargs):
        # The order's quantity has changed, but not what was produced of it.
        if not self.production_id._filter_backflush_posted():
            return super()._update_qty_producing(*args, **kwargs)
        return None

    @api.depends("production_id.backflush_scrapped_qty")
    def _compute_qty_remaining(self):
        res = super()._compute_qty_remaining()
        for workorder in self:
            if workorder.production_id.backflush_scrapped_qty:
                remaining = workorder._get_backflush_remaining(pending=False)
                workorder.qty_remaining = remaining
        return res

    # --- Time ---

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
            # Only the last posting corrects what earlier ones received in excess.
            cost += rest if share == 1 else max(0.0, rest)
        return cost
