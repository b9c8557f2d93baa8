"""All that knows how Odoo records scrap: ``stock.scrap``, and its moves."""

from odoo import api, models

from ...context import get_private, with_private
from ...engine.due import Failure
from ...errors import refuse
from ...reporting.locks import lock_postings


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    @api.model
    def _post_backflush(self, vals_list):
        """Record what a posting says has failed, and move it to the scrap location.

        :param vals_list: values of the records
        :return: the records, done
        """
        scraps = with_private(self, record=True).create(vals_list)
        scraps.do_scrap()
        return scraps.with_env(self.env)

    # --- Odoo's own Scrap button ---

    def _filter_backflush_components(self):
        """What a person scraps of the components of backflushed orders."""
        if get_private(self.env, "record"):
            return self.browse()  # a posting has decided what it takes
        found = self.browse()
        for scrap in self.filtered("product_id.is_storable"):
            order = scrap.production_id
            made = order.move_finished_ids.product_id
            if order.backflush and scrap.product_id not in made:
                found |= scrap
        return found

    def _lock_backflush_postings(self):
        """Wait for postings of the same products."""
        entries = ["stock.scrap.action_validate", "stock.scrap.do_scrap"]
        entries += ["stock.warn.insufficient.qty.scrap.action_done"]
        lock_postings(self.env, entries, self.product_id)

    def _take_backflush_reservation(self):
        """Take what this order has reserved first, and never what another one has.

        :raises UserError: where neither that nor what is free suffices
        """
        self.ensure_one()
        unit = self.product_id.uom_id
        wanted = self.product_uom_id._compute_quantity(self.scrap_qty, unit)
        left = wanted
        for line in self._get_backflush_reserved_lines():
            part = min(left, line.quantity_product_uom)
            left -= part
            rest = line.quantity_product_uom - part
            if unit.compare(rest, 0.0) > 0:
                line._set_backflush_quantity(rest)
            else:
                line.unlink()
            if unit.compare(left, 0.0) <= 0:
                break
        free = self.env["stock.quant"]._get_available_quantity(
            self.product_id,
            self.location_id,
            lot_id=self.lot_id,
            package_id=self.package_id,
            owner_id=self.owner_id,
            strict=True,
        )
        if unit.compare(free, wanted) < 0:
            raise refuse(
                self.env._(
                    "%(wanted)s %(unit)s of %(product)s cannot be scrapped on "
                    "%(order)s: only %(free)s are there that no other order has "
                    "reserved.",
                    wanted=unit.round(wanted),
                    unit=unit.name,
                    product=self.product_id.display_name,
                    order=self.production_id.name,
                    free=unit.round(max(0.0, free)),
                ),
                "shortage",
            )

    def _get_backflush_reserved_lines(self):
        """What the order has reserved of what is scrapped, entries left out."""
        moves = self.production_id.move_raw_ids._filter_backflush_open()
        names = ("product_id", "location_id", "lot_id", "package_id", "owner_id")
        return moves.move_line_ids.filtered(
            lambda line: (
                not line.picked and all(line[name] == self[name] for name in names)
            )
        )

    def _get_backflush_failure(self):
        """What failed, as the engine counts it.

        :return: :class:`.Failure`
        """
        self.ensure_one()
        quantity, make_up = self.backflush_qty, self.backflush_make_up
        if self.workorder_id:
            return self.workorder_id._make_backflush_failure(quantity, make_up)
        return Failure(quantity, make_up=make_up)


class StockScrapReasonTag(models.Model):
    _inherit = "stock.scrap.reason.tag"

    @api.model
    def _find_backflush_reason(self, name, make=True):
        """The scrap reason of a name; made where a manager names a new one.

        :param name: may be empty: no reason
        :param make: whether it may be made
        :raises UserError: where there is none of this name
        """
        found = self.search([("name", "=", name)], limit=1) if name else self.browse()
        if found or not name:
            return found
        if self.env.user.has_group("mrp.group_mrp_manager"):
            return self.create({"name": name}) if make else found
        raise refuse(
            self.env._(
                "reason: there is no scrap reason %(name)s. A manufacturing "
                "administrator can add it.",
                name=name,
            ),
            "not_found",
            field="reason",
        )
