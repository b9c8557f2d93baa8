from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from odoo.addons.backflush_auto.context import get_private


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _read_backflush_places(self):
        """What is about to be applied of components, where postings take them.

        :return: ``{(product, location): list of parts}``; a part is a quant's lot,
            package and owner, the quantities that are recorded and were counted, and
            whether the count is outdated
        """
        outdated = get_private(self.env, "outdated_quants", frozenset())
        places = defaultdict(list)
        for quant in self.sudo()._filter_backflush_counted():
            places[quant.product_id, quant.location_id].append(
                {
                    "key": quant._get_backflush_key(),
                    "recorded": quant.quantity,
                    "counted": quant.inventory_quantity,
                    "outdated": quant.id in outdated or quant.is_outdated,
                }
            )
        return places

    def _get_backflush_key(self):
        return [self.lot_id.id, self.package_id.id, self.owner_id.id]

    def _filter_backflush_counted(self):
        """The quants of components at locations that postings take them from."""
        quants = self.filtered(
            lambda quant: (
                quant.location_id.usage == "internal" and quant.product_id.is_storable
            )
        )
        taken = quants._get_backflush_taken()
        sources = quants._get_backflush_sources()
        products = quants._get_backflush_components()
        return quants.filtered(
            lambda quant: (
                (quant.product_id, quant.location_id) in taken
                or quant.product_id in products
                and any(quant.location_id._child_of(it) for it in sources)
            )
        )

    def _get_backflush_taken(self):
        """Pairs of product and location that postings have taken from."""
        return {
            (product, location)
            for product, location in self.env["stock.move.line"]._read_group(
                [
                    ("product_id", "in", self.product_id.ids),
                    ("location_id", "in", self.location_id.ids),
                    ("move_id.backflush_id", "!=", False),
                    ("move_id.raw_material_production_id", "!=", False),
                ],
                ["product_id", "location_id"],
            )
        }

    def _get_backflush_components(self):
        """The products on a line of a kit or of a backflushed bill of materials."""
        backflushed = Domain("bom_id.backflush", "=", True)
        backflushed |= Domain("bom_id.type", "=", "phantom")
        lines = self.env["mrp.bom.line"].with_context(active_test=False)
        domain = Domain("product_id", "in", self.product_id.ids) & backflushed
        products = lines._read_group(domain, ["product_id"])
        return self.product_id.browse(product.id for [product] in products)

    def _get_backflush_sources(self):
        """The locations that orders take components from, whatever the product."""
        points = [("backflush_location_id", "!=", False)]
        types = self.env["stock.picking.type"].search([("code", "=", "mrp_operation")])
        lines = self.env["mrp.bom.line"].search(points)
        centers = self.env["mrp.workcenter"].search(points)
        return (
            types.default_location_src_id
            | lines.backflush_location_id
            | centers.backflush_location_id
        )
