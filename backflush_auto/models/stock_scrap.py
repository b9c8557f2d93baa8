"""All that knows how Odoo records scrap: ``stock.scrap``, and its moves.

The next series of Odoo makes scrap a plain move: then this file changes, and no other.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..context import get_private, with_private
from ..errors import refuse
from ..finite import FiniteFloat
from ..reporting.locks import lock_postings
from ..texts import format_quantity
from .record.guards import check_recorded, get_changed

# What says what has failed, once it is posted.
FIXED_FIELDS = {
    *("product_id", "product_uom_id", "scrap_qty", "lot_id", "owner_id", "package_id"),
    *("location_id", "scrap_location_id", "production_id", "workorder_id"),
    *("company_id", "state", "move_ids", "scrap_reason_tag_ids"),
}


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    backflush_id = fields.Many2one(
        "mrp.backflush",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The posting that reported it.",
    )
    backflush_qty = FiniteFloat(
        "Failed Units",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Units of the order's product that failed, in the unit of the order: "
        "components are consumed for them up to the operation at which they failed.",
    )
    backflush_make_up = fields.Boolean(
        "Made Up For",
        readonly=True,
        copy=False,
        help="Other units are made in their place, on the same order.",
    )
    backflush_made_ids = fields.Many2many(
        "mrp.backflush",
        "mrp_backflush_later_scrap_rel",
        "scrap_id",
        "backflush_id",
        "Made By",
        readonly=True,
        copy=False,
        help="The postings that had reported these goods as good.",
    )

    # Odoo's mrp computes the first of several records, and leaves 1 on the others.
    def _compute_scrap_qty(self):
        posted = self.filtered("backflush_id")
        for scrap in posted:
            super(StockScrap, scrap)._compute_scrap_qty()
        return super(StockScrap, self - posted)._compute_scrap_qty()

    @api.model_create_multi
    def create(self, vals_list):
        names = self._get_backflush_recorded_fields()
        check_recorded(self, names, vals_list, is_new=True)
        return super().create(vals_list)

    def write(self, vals):
        check_recorded(self, self._get_backflush_recorded_fields(), [vals])
        self._check_backflush_fixed(vals)
        return super().write(vals)

    def do_scrap(self, *args, **kwargs):
        components, made = self._filter_backflush_button()
        (components | made)._lock_backflush_postings()
        for scrap in components:
            scrap._take_backflush_reservation()
        res = super().do_scrap(*args, **kwargs)
        made._record_backflush_made()
        return res

    def _prepare_move_values(self, *args, **kwargs):
        vals = super()._prepare_move_values(*args, **kwargs)
        if self.backflush_id:
            # With an operation type, Odoo asks for the serial number of what failed
            # before it had one.
            vals["picking_type_id"] = False
        return vals

    @api.model
    def _get_backflush_recorded_fields(self):
        """The fields that only a posting writes."""
        names = {"backflush_id", "backflush_qty", "backflush_make_up"}
        return names | {"backflush_made_ids"}

    def _check_backflush_fixed(self, vals):
        """Refuse to change what a posting has recorded as failed.

        :param vals: about to be written
        :raises UserError: where they change it
        """
        if FIXED_FIELDS.isdisjoint(vals) or get_private(self.env, "record"):
            return
        fixed = self.filtered(lambda s: s._is_backflush_recorded())
        changed = fixed and get_changed(fixed, FIXED_FIELDS, vals)
        if changed:
            raise UserError(
                self.env._(
                    "%(scraps)s: what a posting has recorded as failed cannot be "
                    "changed. (%(fields)s)",
                    scraps=", ".join(fixed.mapped("name")),
                    fields=", ".join(sorted(changed)),
                )
            )

    def _is_backflush_recorded(self):
        """Whether a posting counts with it."""
        return bool(self.sudo().backflush_id or self.sudo().backflush_made_ids)

    # --- What a posting records ---

    @api.model
    def _prepare_backflush_failed_vals(self, order, entry, posting):
        """Values of the record of units that failed.

        :param order: ``mrp.production``
        :param entry: :class:`.Scrapped`
        :param posting: ``mrp.backflush`` of the order
        """
        is_lot = order.product_tracking == "lot"
        return {
            **self._prepare_backflush_vals(order, entry.workorder, entry.tags),
            "product_id": order.product_id.id,
            "product_uom_id": order.product_uom_id.id,
            "scrap_qty": entry.failure.quantity,
            # It never comes into stock.
            "location_id": order.production_location_id.id,
            "lot_id": order.lot_producing_ids[:1].id if is_lot else False,
            "backflush_id": posting.id,
            "backflush_qty": entry.failure.quantity,
            "backflush_make_up": entry.failure.make_up,
        }

    @api.model
    def _prepare_backflush_damaged_vals(self, move, take, tags, workorder):
        """Values of the record of what was spoilt of a component.

        :param take: :class:`.Take` of the component, a ``stock.move``
        :param workorder: that is reported at; None where it is the order
        """
        order = move.raw_material_production_id
        return {
            **self._prepare_backflush_vals(order, workorder, tags),
            "product_id": move.product_id.id,
            "product_uom_id": move.product_id.uom_id.id,
            "scrap_qty": take.quantity,
            "location_id": take.place.location_id,
            "lot_id": take.place.lot_id or False,
            "package_id": take.place.package_id or False,
            "owner_id": take.place.owner_id or False,
        }

    @api.model
    def _prepare_backflush_vals(self, order, workorder, tags):
        return {
            "company_id": order.company_id.id,
            "origin": order.name,
            "production_id": order.id,
            "workorder_id": workorder.id if workorder else False,
            "scrap_reason_tag_ids": tags.ids,
        }

    @api.model
    def _post_backflush(self, vals_list):
        """Record what a posting says has failed, and move it to the scrap location.

        :param vals_list: values of the records
        :return: the records, done
        """
        scraps = with_private(self, record=True).create(vals_list)
        scraps.do_scrap()
        return scraps.with_env(self.env)

    def _get_backflush_moves(self):
        """The moves by which this went to the scrap location, in their order."""
        return self.sorted("id").move_ids.filtered(lambda move: move.state == "done")

    def _get_backflush_failure(self):
        """What failed, as the engine counts it.

        :return: :class:`.Failure`
        """
        quantity, make_up = self.backflush_qty, self.backflush_make_up
        return self.workorder_id._make_backflush_failure(quantity, make_up)

    def _sum_backflush_by_reason(self):
        """``{(product, names of the reasons): quantity in its unit that stays}``"""
        totals = defaultdict(float)
        kept = self.filtered(lambda scrap: scrap.backflush_id.state != "reversed")
        for move in kept._get_backflush_moves():
            reasons = ", ".join(move.scrap_id.scrap_reason_tag_ids.mapped("name"))
            totals[move.product_id, reasons] += move.product_qty
        return totals

    # --- Odoo's own Scrap button ---

    def _filter_backflush_button(self):
        """What a person scraps of orders: ``(of components, of what was made)``."""
        if get_private(self.env, "record"):
            return self.browse(), self.browse()
        own = self.filtered("production_id.backflush")
        made = own.filtered(
            lambda s: s.product_id in s.production_id.move_finished_ids.product_id
        )
        components = (own - made).filtered(
            lambda s: s.product_id.is_storable or s.product_is_kit
        )
        return components, made

    def _lock_backflush_postings(self):
        """Wait for postings of the same products."""
        entries = [f"stock.scrap.{name}" for name in ("action_validate", "do_scrap")]
        entries += ["stock.warn.insufficient.qty.scrap.action_done"]
        products = self.product_id | self.bom_id.bom_line_ids.product_id
        lock_postings(self.env, entries, products)

    def _take_backflush_reservation(self):
        """Take what this order has reserved first, and never what another one has.

        :raises UserError: where neither that nor what is free suffices
        """
        self.ensure_one()
        for product, wanted in self._get_backflush_wanted().items():
            self._release_backflush_reserved(product, wanted)
            free = self.env["stock.quant"]._get_available_quantity(
                product,
                self.location_id,
                lot_id=self.lot_id,
                package_id=self.package_id,
                owner_id=self.owner_id,
                strict=not self.product_is_kit,
            )
            unit = product.uom_id
            if unit.compare(free, wanted) < 0:
                raise refuse(
                    self.env._(
                        "%(wanted)s %(unit)s of %(product)s cannot be scrapped on "
                        "%(order)s: only %(free)s are there that no other order has "
                        "reserved.",
                        wanted=format_quantity(self.env, wanted),
                        unit=unit.name,
                        product=product.display_name,
                        order=self.production_id.name,
                        free=format_quantity(self.env, max(0.0, free)),
                    ),
                    "shortage",
                )

    def _get_backflush_wanted(self):
        """What leaves stock: of a kit, its components.

        :return: ``{product: quantity in its unit}``
        """
        unit, wanted = self.product_uom_id, {}
        if not (self.product_is_kit and self.bom_id):
            quantity = unit._compute_quantity(self.scrap_qty, self.product_id.uom_id)
            return {self.product_id: quantity}
        quantity = unit._compute_quantity(self.scrap_qty, self.bom_id.product_uom_id)
        factor = quantity / self.bom_id.product_qty
        for line, data in self.bom_id.explode(self.product_id, factor)[1]:
            product = line.product_id
            if product.is_storable:
                own = line.product_uom_id._compute_quantity(data["qty"], product.uom_id)
                wanted[product] = wanted.get(product, 0.0) + own
        return wanted

    def _release_backflush_reserved(self, product, wanted):
        """Let the order give up what it has reserved of what is scrapped.

        :param wanted: in the product's unit
        """
        unit = product.uom_id
        for line in self._get_backflush_reserved_lines(product):
            part = min(wanted, line.quantity_product_uom)
            wanted -= part
            rest = line.quantity_product_uom - part
            if unit.compare(rest, 0.0) > 0:
                line._set_backflush_quantity(rest)
            else:
                line.unlink()
            if unit.compare(wanted, 0.0) <= 0:
                break

    def _get_backflush_reserved_lines(self, product):
        """What the order has reserved of what is scrapped, entries left out."""
        moves = self.production_id.move_raw_ids._filter_backflush_open()
        names = ["location_id", "owner_id"]
        if not self.product_is_kit:
            names += ["lot_id", "package_id"]
        return moves.move_line_ids.filtered(
            lambda line: (
                not line.picked
                and line.product_id == product
                and all(line[name] == self[name] for name in names)
            )
        )

    def _record_backflush_made(self):
        """Record which postings had reported what is scrapped as good."""
        for scrap in with_private(self.sudo(), record=True):
            done = scrap.production_id.move_finished_ids.filtered_domain(
                [("state", "=", "done"), ("product_id", "=", scrap.product_id.id)]
            )
            made, latest = done.browse(), done.sorted("id", reverse=True)
            for line in scrap._get_backflush_moves().move_line_ids:
                made |= latest._scrap_backflush_made(line)
            scrap.backflush_made_ids = made.backflush_id
            made.backflush_id._count_backflush_later_scrap()


class StockMove(models.Model):
    _inherit = "stock.move"

    def _is_backflush_scrap(self):
        """Whether something was scrapped by this move, or it brings that back."""
        return bool(self.scrap_id or self.origin_returned_move_id.scrap_id)

    def _is_backflush_scrap_recorded(self):
        """Whether something was scrapped by this move that a posting counts with."""
        return bool(self.scrap_id) and self.scrap_id._is_backflush_recorded()

    def _get_backflush_scrap_name(self):
        """What the record of what was scrapped is called."""
        return self.scrap_id.name

    @api.model
    def _get_backflush_failed_domain(self):
        """The moves of units that failed, and those that bring them back."""
        return [
            "|",
            ("scrap_id.backflush_qty", "!=", 0),
            ("origin_returned_move_id.scrap_id.backflush_qty", "!=", 0),
        ]
