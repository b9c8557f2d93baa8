from odoo import api, fields, models

from ..context import with_private, without_defaults, without_private
from ..finite import FiniteFloat
from ..reporting.rpc import is_called_by_person, is_called_by_program
from .mrp_backflush_rule import NO_RULE
from .record.guards import check_recorded
from .res_company import SHORTAGE_POLICIES


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    backflush = fields.Boolean(
        compute="_compute_backflush",
        store=True,
        readonly=False,
        precompute=True,
        help="Components leave stock by themselves when production of this order is "
        "reported.",
    )
    backflush_shortage = fields.Selection(
        SHORTAGE_POLICIES,
        string="Component Shortage",
        compute="_compute_backflush",
        store=True,
        readonly=False,
        precompute=True,
        help="What happens when production is reported and a component is short.",
    )
    backflush_prior_qty = FiniteFloat(
        "Quantity of Prior Orders",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="The quantity of the orders that this one was split from. Together they "
        "are one order: the components of this one begin where theirs end.",
    )
    backflush_ids = fields.One2many(
        "mrp.backflush",
        "production_id",
        "Backflushes",
        readonly=True,
        groups="mrp.group_mrp_user",
    )
    backflush_count = fields.Integer(
        compute="_compute_backflush_count", groups="mrp.group_mrp_user"
    )
    backflush_asks_cancel = fields.Boolean(
        compute="_compute_backflush_asks_cancel",
        help="Whether a cancel asks what becomes of components that left stock early.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        names = self._get_backflush_recorded_fields()
        check_recorded(self, names, vals_list, is_new=True)
        for vals in vals_list:
            self._check_backflush_editable(vals)
        orders = super().create(vals_list)
        orders._remember_backflush_recipe()
        return orders

    def write(self, vals):
        check_recorded(self, self._get_backflush_recorded_fields(), [vals])
        self._check_backflush_editable(vals)
        self._check_backflush_closed(vals)
        self._check_backflush_loosened(vals)
        parts = self._get_backflush_settled_orders(vals)
        if parts:
            rest = {name: vals[name] for name in vals if name != "qty_producing"}
            return (self - parts).write(vals) and parts.write(rest)
        sources = self._filter_backflush_sources(vals)
        switched = self.filtered(lambda o: o.backflush != bool(vals.get("backflush")))
        res = super().write(vals)
        if "backflush" in vals:
            switched._switch_backflush()
        sources._remember_backflush_recipe()
        return res

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        self._plan_backflush_copies(vals_list)
        return vals_list

    # --- The plan of the order ---

    @api.depends("backflush")
    def _compute_move_raw_ids(self):
        return super()._compute_move_raw_ids()

    def _get_moves_raw_values(self, *args, **kwargs):
        orders = self.filtered("backflush")
        others = super(MrpProduction, self - orders)
        values_list = others._get_moves_raw_values(*args, **kwargs)
        for values in values_list:
            values.update(NO_RULE)
        exploded = []
        for order in with_private(orders, exploded_lines=exploded):
            exploded.clear()
            own = super(MrpProduction, order)._get_moves_raw_values(*args, **kwargs)
            order._add_backflush_snapshot(own, exploded)
            values_list += own
        return values_list

    def action_confirm(self, *args, **kwargs):
        moves = self.move_raw_ids._filter_backflush_open()
        moves._check_backflush_location()
        # What a person added or edited while the order was a draft is settled now.
        moves._update_backflush_ratio()
        self = self._forget_backflush_defaults()
        self._convert_backflush_prior()
        self._adopt_backflush_consumption()
        return super().action_confirm(*args, **kwargs)

    def _update_raw_moves(self, factor, *args, **kwargs):
        self = self._forget_backflush_defaults()
        moves = self.move_raw_ids._filter_backflush_open()
        reserved = moves.filtered(lambda m: m.move_line_ids and not m.picked)
        debts = self.move_raw_ids._filter_backflush_debts()
        keep = with_private(self, keep_ratio=True, settled_ids=debts._ids)
        updates = super(MrpProduction, keep)._update_raw_moves(factor, *args, **kwargs)
        moves._plan_backflush({self: self.product_qty * factor})
        with_private(reserved, reserve=True)._action_assign()
        return [(m.with_env(self.env), old, m.product_uom_qty) for m, old, _ in updates]

    def _link_bom(self, bom, *args, **kwargs):
        if not self.backflush:
            return super()._link_bom(bom, *args, **kwargs)
        self = without_defaults(self)
        ids = self._get_backflush_settled_moves(bom)._ids
        keep = with_private(self, keep_ratio=True, exploded_lines=[], settled_ids=ids)
        known = bom.with_env(keep.env)
        res = super(MrpProduction, keep)._link_bom(known, *args, **kwargs)
        self._plan_backflush_updated_byproducts(ids)
        self.move_raw_ids._filter_backflush_open()._snapshot_backflush(keep_edits=False)
        self._remember_backflush_recipe()
        return res

    def _split_productions(self, *args, **kwargs):
        self = self._forget_backflush_defaults()
        keep = with_private(self, keep_ratio=True, record=True, split=True)
        # All that were split from one are planned anew, and the plan may change hands.
        family = self | self.filtered("backflush")._get_backflush_split_orders()
        reservations = family._get_backflush_reservations()
        amounts = self._get_backflush_split_amounts()
        rates = self.browse().union(*amounts)._get_backflush_yield_rates()
        left = self.workorder_ids._get_backflush_work_left()
        if amounts and not args and not kwargs.get("amounts"):
            kwargs["amounts"] = amounts
        orders = super(MrpProduction, keep)._split_productions(*args, **kwargs)
        orders = orders.with_env(self.env)
        orders._check_backflush_pieces()
        recorded = with_private(orders, record=True)
        self._hand_over_backflush_recipe(orders)
        self._mend_backflush_split(recorded)
        self._carry_over_backflush_work(recorded, left)
        self._plan_backflush_split_finished(recorded, rates)
        self._plan_backflush_split(recorded)
        family = (family | orders).sorted("id")
        family._distribute_backflush_reservations(reservations)
        return orders

    def _get_quantity_to_backorder(self, *args, **kwargs):
        rest = super()._get_quantity_to_backorder(*args, **kwargs)
        if not self.backflush:
            return rest
        # What failed is not made once more, unless the report says so.
        return min(rest, max(0.0, self._get_backflush_to_make() - self.qty_producing))

    def action_merge(self, *args, **kwargs):
        self = self._forget_backflush_defaults()
        lineage = self._get_backflush_lineage()
        prior = self._get_backflush_merged_prior()
        reserved = self.filtered(lambda order: order.move_raw_ids.move_line_ids)
        groups = self._get_backflush_shared_groups()
        action = super().action_merge(*args, **kwargs)
        self._restore_backflush_groups(groups)
        merged = self.browse(action["res_id"]).filtered("backflush")
        merged._plan_backflush_merged(lineage, prior, bool(reserved))
        return action

    def action_cancel(self, *args, **kwargs):
        by_person = is_called_by_person("mrp.production.action_cancel")
        if by_person and self._get_backflush_stranded():
            return self._ask_backflush_cancel()
        return super().action_cancel(*args, **kwargs)

    def _action_cancel(self, *args, **kwargs):
        self._check_backflush_stranded()
        self._consume_backflush_failed()
        res = super()._action_cancel(*args, **kwargs)
        self.filtered("backflush")._plan_backflush_others()
        return res

    def action_assign(self, *args, **kwargs):
        self = self._forget_backflush_defaults()
        # Reserve on a person's request, but not when Odoo assigns a new backorder.
        if not self.env.context.get("mo_ids_to_backorder"):
            self = with_private(self, reserve=True)
        return super().action_assign(*args, **kwargs)

    @api.depends("backflush_corrected_qty")
    def _get_produced_qty(self, *args, **kwargs):
        res = super()._get_produced_qty(*args, **kwargs)
        self._subtract_backflush_corrected()
        return res

    @api.depends("qty_produced")
    def _compute_show_produce(self):
        res = super()._compute_show_produce()
        self._filter_backflush_posted()._show_backflush_produce()
        return res

    def _compute_state(self):
        rest = self - self._set_backflush_state()
        return super(MrpProduction, rest)._compute_state()

    def _track_subtype(self, init_values, *args, **kwargs):
        if self._is_backflush_reopened(init_values.get("state")):
            # Followers of confirmed orders, say, have heard of this one before.
            return self.env["mail.message.subtype"]
        return super()._track_subtype(init_values, *args, **kwargs)

    def _check_sn_uniqueness(self, *args, **kwargs):
        # Odoo takes what earlier postings consumed for what it is about to consume.
        if not self.filtered("backflush")._filter_backflush_serials_posted():
            return super()._check_sn_uniqueness(*args, **kwargs)
        with self._hide_backflush_consumed():
            return super()._check_sn_uniqueness(*args, **kwargs)

    def _are_finished_serials_already_produced(
        self, lots, excluded_sml=None, *args, **kwargs
    ):
        if self._filter_backflush_posted():
            lots, done_lines = self._leave_out_backflush_posted(lots)
            excluded_sml = done_lines.union(*filter(None, [excluded_sml]))
        return super()._are_finished_serials_already_produced(
            lots, excluded_sml, *args, **kwargs
        )

    # --- Completion ---

    def set_qty_producing(self, *args, **kwargs):
        self = self._forget_backflush_defaults()
        return super().set_qty_producing(*args, **kwargs)

    def action_generate_serial(self, *args, **kwargs):
        self = self._forget_backflush_defaults()
        return super().action_generate_serial(*args, **kwargs)

    def pre_button_mark_done(self, *args, **kwargs):
        self = self._forget_backflush_defaults()
        orders = self.filtered("backflush")
        orders._withdraw_backflush_entries()
        orders._report_backflush_rest()
        orders._fill_backflush_byproducts()
        lacking = self._filter_backflush_lacking_serials()
        if lacking:
            return lacking._ask_backflush_serials()
        orders._enter_backflush_rest()
        result = super().pre_button_mark_done(*args, **kwargs)
        if result is True:
            self._check_backflush_skipped()
            self._report_backflush_workorders()
        else:
            # Nobody should answer a question about something that cannot be posted.
            # Without a question, the posting itself refuses it.
            self._check_backflush_before_question()
        return result

    def button_mark_done(self, *args, **kwargs):
        orders = self.filtered("backflush")
        if not orders:
            return super().button_mark_done(*args, **kwargs)
        self = without_defaults(self)
        orders._lock_backflush_postings("button_mark_done")
        known = self._get_backflush_told()
        failed = orders._filter_backflush_failed()
        parts = self._filter_backflush_staying_open()._filter_backflush_unfinished()
        # Work orders that Odoo finishes on the way leave their components to the order.
        self = with_private(self, keep_open=parts._ids or None, posting_follows=True)
        if failed:
            answer = failed._mark_done_backflush_failed(self - failed)
        elif parts:
            answer = self._mark_done_backflush_parts(parts, *args, **kwargs)
        else:
            answer = super().button_mark_done(*args, **kwargs)
        if self.env.context.get("mo_ids_to_backorder"):
            self._reserve_backflush_backorders()
        answer = without_private(answer)
        if is_called_by_program("mrp.production.button_mark_done"):
            return self._answer_backflush_program(answer)
        return self._tell_backflush_posted(answer, known)

    def _button_mark_done_sanity_checks(self, *args, **kwargs):
        self.move_raw_ids._filter_backflush_open()._check_backflush_location()
        return super()._button_mark_done_sanity_checks(*args, **kwargs)

    def action_start(self, *args, **kwargs):
        self = self._forget_backflush_defaults()
        orders = self._filter_backflush_interim()
        orders._lock_backflush_postings("action_start")
        # Odoo starts one order; with some that are backflushed, several are started.
        res = None
        for order in self if self.filtered("backflush") or not self else [self]:
            res = super(MrpProduction, order).action_start(*args, **kwargs)
        orders._post_backflush_start()
        # XML-RPC cannot send None.
        return res or True if orders or not self else res

    def _action_generate_consumption_wizard(self, consumption_issues, *args, **kwargs):
        action = super()._action_generate_consumption_wizard(
            consumption_issues, *args, **kwargs
        )
        self._add_backflush_limits(consumption_issues, action)
        self._add_backflush_staying_open(action)
        return action

    def _post_inventory(self, *args, **kwargs):
        if not self:
            return True  # Odoo also calls this for orders with a backorder: mostly none
        if not self.filtered("backflush"):
            return super()._post_inventory(*args, **kwargs)
        if self.company_id != self.env.company:
            # Odoo reads product costs in the first company of the environment.
            return self._post_backflush_by_company(*args, **kwargs)
        self = without_defaults(self)
        orders = self.filtered("backflush")._join_backflush_goods()
        posting = orders._make_backflush_posting(orders._get_backflush_reported())
        posting.check()
        posting.consume()
        orders._set_backflush_finished_lots()
        self = with_private(self, cost_shares=orders._get_backflush_produced_shares())
        res = super()._post_inventory(*args, **kwargs)
        orders._link_backflush_interim()
        postings = posting.record()
        staying = orders._filter_backflush_staying_open()
        posting.carry_on(staying)
        staying._carry_on_backflush(postings)
        orders._plan_backflush_others(posting.lines.get_released(orders - staying))
        return res

    def _get_consumption_issues(self, *args, **kwargs):
        orders = self.filtered("backflush")
        others = super(MrpProduction, self - orders)
        issues = others._get_consumption_issues(*args, **kwargs)
        if self.env.context.get("skip_consumption"):
            return issues
        return issues + orders._get_backflush_all_issues()
