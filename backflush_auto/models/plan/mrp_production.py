from collections import defaultdict

from odoo import Command, api, models
from odoo.exceptions import UserError

from ...context import get_private


class MrpProduction(models.Model):
    """What a backflushed order plans, reports and checks."""

    _inherit = "mrp.production"

    @api.depends("bom_id")
    def _compute_backflush(self):
        # A confirmed order keeps what it was confirmed with.
        for order in self.filtered(lambda order: order.state in (False, "draft")):
            bom = order.bom_id
            order.backflush = bom.backflush
            order.backflush_shortage = (
                bom or order.company_id or self.env.company
            ).backflush_shortage

    def _check_backflush_editable(self, vals):
        """Refuse to switch an order that is over, or has posted serial numbers."""
        if not vals.get("backflush", True):
            self.filtered("backflush")._check_backflush_serials_posted()
        names = {"backflush", "backflush_shortage"}.intersection(vals)
        closed = self.filtered(
            lambda order: (
                order.state in ("done", "cancel")
                and any(order[name] != vals[name] for name in names)
            )
        )
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
        self._drop_backflush_bulk()
        moves = self.move_raw_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and not move.backflush_deferred
                # Odoo recreates the components of a draft, see _compute_move_raw_ids.
                and not (move.state == "draft" and move.bom_line_id)
            )
        )
        taken = moves._filter_backflush()
        # What Odoo filled in for the quantity producing is not a person's entry.
        taken.filtered(lambda m: m.picked and not m.manual_consumption).picked = False
        taken._snapshot_backflush()
        (moves - taken)._release_backflush()
        self._restore_backflush_bulk()
        self._remember_backflush_recipe()
        for order in self.filtered(lambda o: not o.backflush and o.qty_producing):
            order._set_qty_producing(False)

    # --- The plan of the order ---

    def _adopt_backflush_consumption(self):
        """Let orders that are confirmed allow what their bills of materials do.

        Odoo does so order by order, and what each allows would be remembered as often.
        """
        orders = self.filtered(lambda order: order.backflush and order.bom_id)
        for consumption, alike in orders.grouped(
            lambda order: order.bom_id.consumption
        ).items():
            changed = alike.filtered(lambda o, own=consumption: o.consumption != own)
            changed.consumption = consumption

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
            # A kit on two lines makes two components of one line.
            if data_by_line[line.id]:
                data = data_by_line[line.id].pop(0)
                values.update(self._prepare_backflush_snapshot(line, data))

    def _get_backflush_settled_moves(self, bom):
        """What an update of the BoM leaves of an order that has consumed some of it.

        :return: what is done, and all that the bill of materials still has
        """
        self.ensure_one()
        moves = self.move_raw_ids | self.move_byproduct_ids
        # A manual component that nobody recorded is posted as well, without goods.
        done = moves._filter_backflush_dealt() | moves.filtered("backflush_id")
        if not done:
            return done
        lines = bom.explode(self.product_id, 1.0)[1]
        keys = {(line, line.product_id) for line, _data in lines}
        return moves.filtered(
            lambda move: (
                move in done
                or move.byproduct_id & done.byproduct_id
                or (move.bom_line_id, move.product_id) in keys
            )
        )

    def _plan_backflush_updated_byproducts(self, settled_ids):
        """Leave what failed out of by-products that Odoo has planned for all.

        :param settled_ids: of the moves that were not planned anew
        """
        if self.backflush_scrapped_qty and self.state not in ("done", "cancel"):
            share = self._get_backflush_to_make() / self.product_qty
            for move in self.move_byproduct_ids:
                if move.id not in settled_ids:
                    quantity = move.product_uom.round(move.product_uom_qty * share)
                    move.product_uom_qty = quantity

    def _prepare_backflush_snapshot(self, line, data):
        """Values of a new component: its method, its rule and its part of the plan.

        :param line: ``mrp.bom.line`` of the component
        :param data: what the explosion of the bill of materials says of it
        """
        values = line._get_backflush_quantity_rule(data["backflush_parent_lines"])
        ratio = values.pop("backflush_fixed")
        if values["backflush_basis"] != "order":
            units = self._get_backflush_units(self.product_qty)
            ratio = data["backflush_quantity"] / units
        rule = line._make_backflush_rule(
            ratio, values, line.product_id, line.product_uom_id
        )
        return {
            **values,
            **self._prepare_backflush_location(line, data),
            "backflush_method": self._get_backflush_component_method(line, data),
            "backflush_ratio": ratio,
            "manual_consumption": False,
            "product_uom_qty": self._get_backflush_planned(rule),
        }

    def _get_backflush_component_method(self, line, data):
        """What a person chose on the draft, else line, kit line, product."""
        return (
            self._get_backflush_drafted(line)[:1].backflush_method
            or line._get_backflush_method(data["backflush_parent_lines"])
            or "completion"
        )

    def _get_backflush_drafted(self, line):
        """The components of a draft that this line has made: a person's choice wins."""
        is_draft = self.state == "draft" and get_private(self.env, "recipe") is None
        moves = self.move_raw_ids if is_draft else self.move_raw_ids[:0]
        return moves.filtered(lambda m: m.bom_line_id == line and m.backflush_method)

    def _get_backflush_planned(self, rule, workorder=None):
        """The demand of a component of this rule, for the whole order.

        :param workorder: at which it is consumed; may be empty
        """
        workorder = workorder or self.env["mrp.workorder"]
        planned = self._get_backflush_planned_due(workorder)
        return rule.expected(
            self._get_backflush_units(planned),
            prior=self._get_backflush_units(self.backflush_prior_qty),
        )

    def _get_backflush_bom_quantities(self):
        """What the bill of materials as it is now plans for this order.

        :return: ``{line: quantity in its unit}``; of a line in a kit that stands on
            several lines, the average
        """
        planned = defaultdict(list)
        for values in self._get_moves_raw_values():
            planned[values["bom_line_id"]].append(values["product_uom_qty"])
        return {
            self.env["mrp.bom.line"].browse(line_id): sum(several) / len(several)
            for line_id, several in planned.items()
        }

    def _plan_backflush_copies(self, vals_list):
        """Plan the components of the copies of those orders that are backflushed.

        :param vals_list: values of each copy, changed in place
        """
        for order, vals in zip(self, vals_list, strict=True):
            if order.backflush:
                order._plan_backflush_copy(vals)

    def _plan_backflush_copy(self, vals):
        """Plan the components of a copy, which begins its own count.

        :param vals: values of the copy, changed in place
        """
        if not vals.get("move_raw_ids"):
            return
        unit = self.product_uom_id.browse(vals["product_uom_id"])
        units = unit._compute_quantity(
            vals["product_qty"], self.product_id.uom_id, round=False
        )
        vals["move_raw_ids"] = []
        for move_vals in self._get_backflush_components().copy_data():
            rule = self.env["stock.move"]._make_backflush_rule(
                move_vals["backflush_ratio"],
                move_vals,
                self.env["product.product"].browse(move_vals["product_id"]),
                self.env["uom.uom"].browse(move_vals["product_uom"]),
            )
            move_vals["product_uom_qty"] = rule.expected(units)
            vals["move_raw_ids"].append(Command.create(move_vals))

    def _get_backflush_components(self):
        """One move of each component, however many parts of it have left."""
        latest = {move._get_backflush_origin(): move for move in self.move_raw_ids}
        components = self.env["stock.move"].union(*latest.values())
        return components.filtered("backflush_ratio")

    def _get_backflush_units(self, quantity):
        """Convert a quantity of this order to the unit of the product, unrounded."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            quantity, self.product_id.uom_id, round=False
        )

    def _plan_backflush_split(self, orders):
        """Let the orders of a split plan together what the undivided order planned.

        :param orders: each order of ``self``, followed by those split from it
        """
        prior, surplus = 0.0, {}
        split = (orders - self).filtered("backflush")
        copies = {
            order: order.move_raw_ids.filtered("backflush_origin_id").grouped(
                "backflush_origin_id"
            )
            for order in split
        }
        # A part is one of its own order: several orders have copies of the same.
        split.move_raw_ids.filtered("backflush_origin_id").backflush_origin_id = False
        for order in orders.filtered("backflush"):
            if order in self:
                prior, surplus = order.backflush_prior_qty, {}
            else:
                order.backflush_prior_qty = prior
                order._join_backflush_copies(copies[order], surplus)
            prior += order.product_qty
        moves = orders.move_raw_ids._filter_backflush_open()
        moves.with_context(do_not_unreserve=True, no_procurement=True)._plan_backflush()

    def _join_backflush_copies(self, groups, surplus):
        """Make one component again of what Odoo copied from the parts of one.

        Where a component of the order has left in part, Odoo copies both the part that
        left and its rest. What left beyond the need of that order covers the copy.

        :param groups: ``{component of that order: its copies}``
        :param surplus: ``{component of that order: quantity}`` not yet given to an
            earlier copy, changed in place
        """
        for origin, copies in groups.items():
            kept = copies[-1:]  # of the rest; Odoo copies them in their order
            (copies - kept)._action_cancel()
            (copies - kept).unlink()
            rule = kept._get_backflush_rule()
            if origin not in surplus:
                surplus[origin] = origin._get_backflush_surplus(rule)
            covered = origin.product_uom._compute_quantity(
                surplus[origin], kept.product_uom, round=False
            )
            kept.backflush_prior_covered_qty = covered
            need = self._get_backflush_planned(rule)
            surplus[origin] = max(0.0, surplus[origin] - need)

    # --- Completion ---
