from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..posting import Posting
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
    backflush_prior_qty = fields.Float(
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

    @api.depends("bom_id")
    def _compute_backflush(self):
        # A confirmed order keeps what it was confirmed with.
        for order in self.filtered(lambda order: order.state in (False, "draft")):
            bom = order.bom_id
            order.backflush = bom.backflush
            order.backflush_shortage = (
                bom or order.company_id or self.env.company
            ).backflush_shortage

    @api.depends("backflush_ids")
    def _compute_backflush_count(self):
        counts = dict(
            self.env["mrp.backflush"]._read_group(
                [("production_id", "in", self.ids)], ["production_id"], ["__count"]
            )
        )
        for order in self:
            order.backflush_count = counts.get(order._origin, 0)

    def write(self, vals):
        if {"backflush", "backflush_shortage"}.intersection(vals):
            self._check_backflush_editable()
        if "backflush_prior_qty" in vals and not self.env.su:
            raise AccessError(
                self.env._("The quantity of prior orders is set by a split only.")
            )
        switched = self.filtered(
            lambda order: order.backflush != bool(vals.get("backflush"))
        )
        res = super().write(vals)
        if "backflush" in vals:
            # The components of a draft are made anew, see _compute_move_raw_ids.
            switched.filtered(lambda o: o.state != "draft")._switch_backflush()
        return res

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for order, vals in zip(self.filtered("backflush"), vals_list, strict=False):
            order._plan_backflush_copy(vals)
        return vals_list

    def _check_backflush_editable(self):
        closed = self.filtered(lambda order: order.state in ("done", "cancel"))
        if closed:
            raise UserError(
                self.env._(
                    "Backflushing cannot be changed on an order that is done or "
                    "cancelled: %(orders)s.",
                    orders=", ".join(closed.mapped("name")),
                )
            )

    def _switch_backflush(self):
        """Take over the open components, or give them back to Odoo."""
        moves = self.move_raw_ids.filtered(lambda m: m.state not in ("done", "cancel"))
        taken = moves._filter_backflush()
        # What Odoo filled for the quantity producing is no entry of a person.
        taken.filtered(lambda m: m.picked and not m.manual_consumption).picked = False
        taken._snapshot_backflush()
        (moves - taken)._release_backflush()
        for order in self.filtered(lambda o: not o.backflush and o.qty_producing):
            order._set_qty_producing(False)

    def action_view_backflushes(self):
        """Open the postings of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto.mrp_backflush_action"
        )
        action["domain"] = [("production_id", "=", self.id)]
        action["context"] = {}
        return action

    # --- The plan of the order ---

    @api.depends("backflush")
    def _compute_move_raw_ids(self):
        return super()._compute_move_raw_ids()

    def _get_moves_raw_values(self):
        orders = self.filtered("backflush")
        values_list = super(MrpProduction, self - orders)._get_moves_raw_values()
        for values in values_list:
            values.update(backflush_method=False, backflush_ratio=0.0)
        for order in orders:
            exploded = []
            order = order.with_context(backflush_exploded_lines=exploded)
            order_values = super(MrpProduction, order)._get_moves_raw_values()
            order._add_backflush_snapshot(order_values, exploded)
            values_list += order_values
        return values_list

    def _add_backflush_snapshot(self, values_list, exploded):
        """Complete the values of new components with method, ratio and plan.

        :param values_list: values of the order's components, changed in place
        :param exploded: the lines of the BoM explosion that made them
        """
        self.ensure_one()
        data_by_line = defaultdict(list)
        for line, data in exploded:
            data_by_line[line.id].append(data)
        for values in values_list:
            line = self.env["mrp.bom.line"].browse(values["bom_line_id"])
            # A kit that stands on two lines gives two components of one line.
            if data_by_line[line.id]:
                data = data_by_line[line.id].pop(0)
                values.update(self._prepare_backflush_snapshot(line, data))

    def _prepare_backflush_snapshot(self, line, data):
        """Values of a new component: its method, its ratio and its part of the plan.

        :param line: ``mrp.bom.line`` of the component
        :param data: what the explosion of the bill of materials says of it
        """
        units = self._get_backflush_units(self.product_qty)
        ratio = data["backflush_quantity"] / units
        return {
            "backflush_method": self._get_backflush_component_method(line, data),
            "backflush_ratio": ratio,
            "manual_consumption": False,
            "product_uom_qty": self._get_backflush_planned(ratio),
        }

    def _get_backflush_component_method(self, line, data):
        """What a person chose on the draft, else line, kit line, product."""
        chosen = self.move_raw_ids.filtered(
            lambda move: (
                self.state == "draft"
                and move.bom_line_id == line
                and move.backflush_method
            )
        )
        return (
            chosen[:1].backflush_method
            or line._get_backflush_method(data["backflush_parent_lines"])
            or "completion"
        )

    def _get_backflush_planned(self, ratio):
        """The demand of a component of this ratio, for the whole order."""
        rule = self.env["stock.move"]._get_backflush_rule(ratio)
        return rule.expected(
            self._get_backflush_units(self.product_qty),
            prior=self._get_backflush_units(self.backflush_prior_qty),
        )

    def _plan_backflush_copy(self, vals):
        """Plan the components of a copy, which begins its own count."""
        rule = self.env["stock.move"]._get_backflush_rule
        units = self._get_backflush_units(vals.get("product_qty", self.product_qty))
        for command in vals.get("move_raw_ids") or []:
            if len(command) == 3 and command[2].get("backflush_ratio"):
                ratio = command[2]["backflush_ratio"]
                command[2]["product_uom_qty"] = rule(ratio).expected(units)

    def _get_backflush_units(self, quantity):
        """Convert a quantity of this order to the unit of the product, unrounded."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            quantity, self.product_id.uom_id, round=False
        )

    def action_confirm(self):
        # What a person added or edited while the order was a draft is settled now.
        self.move_raw_ids._filter_backflush_open()._update_backflush_ratio()
        # Odoo is about to convert the orders of serial-numbered goods to pieces.
        for order in self.filtered(lambda o: o.product_tracking == "serial"):
            prior = order._get_backflush_units(order.backflush_prior_qty)
            order.sudo().backflush_prior_qty = prior
        return super().action_confirm()

    def _update_raw_moves(self, factor):
        moves = self.move_raw_ids._filter_backflush_open()
        reserved = moves.filtered(lambda m: m.move_line_ids and not m.picked)
        keep = self.with_context(backflush_keep_ratio=True)
        updates = super(MrpProduction, keep)._update_raw_moves(factor)
        moves._plan_backflush(self.product_qty * factor)
        reserved.with_context(backflush_reserve=True)._action_assign()
        return [
            (move.with_env(self.env), old_quantity, move.product_uom_qty)
            for move, old_quantity, _new_quantity in updates
        ]

    def _link_bom(self, bom):
        keep = self.with_context(backflush_keep_ratio=True)
        res = super(MrpProduction, keep)._link_bom(bom)
        moves = self.move_raw_ids._filter_backflush_open()
        moves._snapshot_backflush(keep_edits=False)
        return res

    def _split_productions(self, *args, **kwargs):
        keep = self.with_context(backflush_keep_ratio=True)
        orders = super(MrpProduction, keep)._split_productions(*args, **kwargs)
        orders = orders.with_env(self.env)
        self._plan_backflush_split(orders)
        return orders

    def _plan_backflush_split(self, orders):
        """Let the orders of a split plan together what the undivided order planned.

        :param orders: each order of ``self``, followed by those split from it
        """
        prior = 0.0
        for order in orders.sudo():
            if order in self:
                prior = order.backflush_prior_qty
            else:
                order.backflush_prior_qty = prior
                order._join_backflush_copies()
            prior += order.product_qty
        moves = orders.move_raw_ids._filter_backflush_open()
        moves.with_context(do_not_unreserve=True, no_procurement=True)._plan_backflush()

    def _join_backflush_copies(self):
        """Make one component again of what Odoo copied from the parts of one.

        Where a component of the order has left in part, Odoo copies both the part that
        left and its rest. What left beyond the need of that order covers the copy.
        """
        for origin, copies in self.move_raw_ids.grouped("backflush_origin_id").items():
            if not origin:
                continue
            kept = copies.filtered("move_line_ids")[:1] or copies[:1]
            (copies - kept)._action_cancel()
            (copies - kept).unlink()
            surplus = origin._get_backflush_surplus(kept.product_uom)
            kept.write({"backflush_origin_id": False, "backflush_covered_qty": surplus})

    def action_assign(self):
        # A person asks for it; Odoo's own call for a new backorder is another matter.
        if not self.env.context.get("mo_ids_to_backorder"):
            self = self.with_context(backflush_reserve=True)
        return super().action_assign()

    # --- Completion ---

    def _button_mark_done_sanity_checks(self):
        res = super()._button_mark_done_sanity_checks()
        orders = self.filtered("backflush")._filter_backflush_quantity_known()
        if orders:
            Posting(orders, orders._get_backflush_reported(default_all=True)).check()
        return res

    def _filter_backflush_quantity_known(self):
        """Leave out the orders for which Odoo is about to ask for serial numbers."""
        return self.filtered(
            lambda order: (
                order.product_tracking != "serial"
                or order.lot_producing_ids
                or order.product_qty == 1
            )
        )

    def _post_inventory(self, cancel_backorder=False):
        orders = self.filtered("backflush")
        if not orders:
            return super()._post_inventory(cancel_backorder=cancel_backorder)
        posting = Posting(orders, orders._get_backflush_reported())
        posting.check()
        posting.consume()
        res = super()._post_inventory(cancel_backorder=cancel_backorder)
        posting.record()
        return res

    def _get_backflush_reported(self, default_all=False):
        """The quantity that is reported now on each order, in its unit.

        :param default_all: where no quantity was entered, all that remains
        :return: ``{order: quantity}``
        """
        reported = {}
        for order in self:
            quantity = order.qty_producing
            if default_all and not quantity:
                quantity = order.product_qty
            reported[order] = max(0.0, quantity - order.qty_produced)
        return reported

    def _prepare_backflush_vals(self, quantity):
        """Values of the record of a posting.

        :param quantity: the reported quantity, in the order's unit
        """
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "production_id": self.id,
            "product_id": self.product_id.id,
            "quantity": quantity,
            "product_uom_id": self.product_uom_id.id,
            "user_id": self.env.user.id,
        }

    def _get_backflush_finished_moves(self):
        """The finished goods and by-products that no posting has recorded yet."""
        return self.move_finished_ids.filtered(
            lambda move: move.state == "done" and not move.backflush_id
        )

    # --- Consumption check ---

    def _get_consumption_issues(self):
        orders = self.filtered("backflush")
        issues = super(MrpProduction, self - orders)._get_consumption_issues()
        if not self.env.context.get("skip_consumption"):
            for order in orders.filtered(lambda o: o.consumption != "flexible"):
                issues += order._get_backflush_consumption_issues()
        return issues

    def _get_backflush_consumption_issues(self):
        """What was recorded other than expected, in the form of Odoo's own check.

        :return: list of ``(order, product, consumed quantity, expected quantity)``, the
            quantities in the product's unit
        """
        self.ensure_one()
        consumed, expected = defaultdict(float), defaultdict(float)
        moves = self.move_raw_ids._filter_backflush_open()
        reported = self._get_backflush_reported()
        for move, quantity in moves._get_backflush_expected(reported).items():
            # Odoo's check knows the bill of materials only: what was added to the order
            # by hand is expected nowhere.
            planned = 0.0 if move.backflush_added else quantity
            expected[move.product_id] += move._get_backflush_product_qty(planned)
            if move._is_backflush_recorded():
                quantity = move._get_picked_quantity()
            elif move.backflush_method == "manual":
                quantity = 0.0
            consumed[move.product_id] += move._get_backflush_product_qty(quantity)
        return [
            (self, product, consumed[product], expected[product])
            for product in expected
            if product.uom_id.compare(consumed[product], expected[product])
        ]
