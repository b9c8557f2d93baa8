from collections import defaultdict

from odoo import Command, api, models

from odoo.addons.backflush_auto.context import get_private, with_private

from ..chatter import log_together
from ..lookups import get_lookups, remember_recipes
from ..numbers import draw_numbers
from ..posting import FastCorrection, FastInterimPosting, FastPosting
from ..reading import read_ahead, read_products
from ..reporting import FastReporting
from ..switches import is_switched_off


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    @api.model_create_multi
    def create(self, vals_list):
        bom_ids = [vals.get("bom_id") for vals in vals_list]
        boms = self.env["mrp.bom"].browse(bom_ids if all(bom_ids) else ())
        if not (boms and all(bom.backflush for bom in boms)):
            return super().create(vals_list)
        self._number_backflush_together(vals_list)
        get_lookups(self.env).is_even = True
        read_products(boms.bom_line_ids.product_id)
        with remember_recipes(self.env):
            return super().create(vals_list)

    @api.model
    def _number_backflush_together(self, vals_list):
        """Give new orders their names and groups: Odoo asks for those of each.

        :param vals_list: of backflushed orders, changed in place
        """
        if len(vals_list) < 2 or any(vals.get("name") for vals in vals_list):
            return
        self._choose_backflush_picking_types(vals_list)
        types = self.env["stock.picking.type"]
        types = [types.browse(vals.get("picking_type_id")) for vals in vals_list]
        if not all(types):
            return
        by_sequence = defaultdict(list)
        for vals, picking_type in zip(vals_list, types, strict=True):
            by_sequence[picking_type.sequence_id].append(vals)
        for sequence, group in by_sequence.items():
            names = draw_numbers(sequence, len(group))
            for vals, name in zip(group, names, strict=True):
                vals["name"] = name
        alone = [vals for vals in vals_list if not vals.get("production_group_id")]
        groups = self.env["mrp.production.group"]
        groups = groups.create([{"name": vals["name"]} for vals in alone])
        for vals, group in zip(alone, groups, strict=True):
            vals["production_group_id"] = group.id

    @api.model
    def _choose_backflush_picking_types(self, vals_list):
        """Give new orders without an operation type the default one of their company.

        :param vals_list: changed in place
        """
        name = "_get_default_picking_type_id"
        if is_switched_off("Choosing operation types", (self, name, "mrp")):
            return
        chosen = {}
        for vals in vals_list:
            if not vals.get("picking_type_id"):
                company_id = vals.get("company_id", self.env.company.id)
                if company_id not in chosen:
                    chosen[company_id] = self._get_default_picking_type_id(company_id)
                vals["picking_type_id"] = chosen[company_id]

    def _compute_move_raw_ids(self):
        fresh = self.browse()
        if not self.env.context.get("skip_compute_move_raw_ids"):
            fresh = self._filter_backflush_fresh(
                "move_raw_ids", "_compute_move_raw_ids"
            )
        fresh._create_backflush_moves("move_raw_ids", fresh._get_backflush_raw_values())
        return super(MrpProduction, self - fresh)._compute_move_raw_ids()

    def _get_backflush_raw_values(self):
        """The values of the components of these orders: ``{order: list of values}``."""
        if is_switched_off(
            "Planning the components of many orders",
            (self, "_get_moves_raw_values", "mrp"),
        ):
            return {order: order._get_moves_raw_values() for order in self}
        values = {order: [] for order in self}
        for vals in self._get_moves_raw_values():
            values[self.browse(vals["raw_material_production_id"])].append(vals)
        return values

    def _compute_move_finished_ids(self):
        fresh = self._filter_backflush_fresh(
            "move_finished_ids",
            "_compute_move_finished_ids",
            "_create_update_move_finished",
        )
        fresh -= self.browse(self.env.context.get("ignore_mo_ids", ()))
        fresh._create_backflush_moves(
            "move_finished_ids",
            {order: order._get_moves_finished_values() for order in fresh},
        )
        return super(MrpProduction, self - fresh)._compute_move_finished_ids()

    def _filter_backflush_fresh(self, name, *replaced):
        """The new orders that have no moves yet.

        :param name: of the field of the moves
        :param replaced: names of Odoo's methods that would make them; nothing is done
            together where another addon extends one
        """
        fresh = self.filtered(
            lambda order: (
                order.id
                and order.state == "draft"
                and order.backflush
                and order.product_id
                and order.product_qty > 0
                and not order[name]
            )
        )
        if fresh and is_switched_off(
            "Creating the moves of many orders",
            *((self, method, "mrp") for method in replaced),
        ):
            return self.browse()
        return fresh

    def _create_backflush_moves(self, name, values):
        """Create the moves of all these orders at once.

        Odoo creates those of each order by themselves, which is a third of the time
        that it takes to create many orders.

        :param name: of the field of the moves
        :param values: ``{order: list of values}``
        """
        commands = [(o, [Command.create(vals) for vals in values[o]]) for o in self]
        self._fields[name].write_batch(commands)

    def _read_backflush_recipes(self):
        with remember_recipes(self.env):
            return super()._read_backflush_recipes()

    # --- Posting ---

    def action_confirm(self, *args, **kwargs):
        read_ahead(self)
        return super().action_confirm(*args, **kwargs)

    def _lock_backflush_postings(self, *args, **kwargs):
        # What was read before is forgotten where the transaction begins anew.
        res = super()._lock_backflush_postings(*args, **kwargs)
        read_ahead(self)
        return res

    @api.model
    def _make_backflush_reporting(self, entry, *extensions, **options):
        return super()._make_backflush_reporting(
            entry, *extensions, FastReporting, **options
        )

    def _make_backflush_posting(self, reported, *extensions):
        return super()._make_backflush_posting(reported, *extensions, FastPosting)

    def _make_backflush_start_posting(self, *extensions):
        return super()._make_backflush_start_posting(*extensions, FastInterimPosting)

    def _make_backflush_correction(self, posting, quantity, *extensions, **options):
        read_ahead(self)
        return super()._make_backflush_correction(
            posting, quantity, *extensions, FastCorrection, **options
        )

    def _post_inventory(self, *args, **kwargs):
        if not self.filtered("backflush"):
            return super()._post_inventory(*args, **kwargs)
        links = []
        orders = self._leave_backflush_unreserved(*args, **kwargs)
        orders = with_private(orders, consume_links=links)
        res = super(MrpProduction, orders)._post_inventory(*args, **kwargs)
        self.env["stock.move.line"]._write_backflush_links(links)
        return res

    def _leave_backflush_unreserved(self, cancel_backorder=False, *_args, **_kwargs):
        """The orders, whose posting reserves nothing that is about to leave.

        :param cancel_backorder: as Odoo's ``_post_inventory`` is called; where it is
            false and the orders do not stay open, nobody knows what becomes of the rest
        """
        if (
            not (cancel_backorder or self == self._filter_backflush_staying_open())
            or self.env["stock.move.line"]._is_backflush_sync_overridden()
        ):
            return self
        return with_private(self, unreserved=set())

    def _link_backflush_interim(self):
        # Odoo has linked its own; what left before completion comes on top.
        links = get_private(self.env, "consume_links")
        self.env["stock.move.line"]._write_backflush_links(links)
        orders = with_private(self, consume_links=None)
        return super(MrpProduction, orders)._link_backflush_interim()

    # --- Chatter ---

    def _message_track(self, fields_iter, initial_values_dict, *args, **kwargs):
        tracking = log_together(self, fields_iter, initial_values_dict)
        rest = self.filtered(lambda order: order.id not in tracking)
        others = super(MrpProduction, rest)
        return tracking | others._message_track(
            fields_iter, initial_values_dict, *args, **kwargs
        )
