from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..allocation import Place

PLACE_FIELDS = ["product_id", "location_id", "lot_id", "package_id", "owner_id"]


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model
    def _get_backflush_balances(self, products, location, needs):
        """Read the stock of many products at one source location, in removal order.

        One query for all the products that share a removal strategy; the strategies,
        their order and the conditions on quants are Odoo's own hooks. Lots past their
        removal date are left out where Odoo knows it.

        :param products: ``product.product`` recordset
        :param location: the source location; stock below it counts
        :param needs: quantity needed of each product, by its id, in the product's unit
        :return: ``{quant id: (Place, free quantity)}``, in removal order of each
            product
        """
        balances = {}
        for (strategy, expires, _alone), group in products.grouped(
            lambda product: self._get_backflush_read_key(product, location)
        ).items():
            quants = self
            if expires:
                quants = self.with_context(with_expiration=fields.Datetime.now())
            balances |= quants._read_backflush_balances(
                group, location, needs, strategy
            )
        return balances

    def _get_backflush_read_key(self, product, location):
        """Products with the same key are read by one query."""
        strategy = self._get_removal_strategy(product, location)
        # Odoo's own search for the fewest packages serves one product at a time.
        alone = product.id if strategy == "least_packages" else False
        expires = "use_expiration_date" in product and product.use_expiration_date
        return strategy, expires, alone

    def _read_backflush_balances(self, products, location, needs, strategy):
        domain = self._get_backflush_domain(products, location)
        if strategy == "least_packages":
            domain = self._run_least_packages_removal_strategy_astar(
                domain, needs[products.id]
            )
        order = self._get_removal_strategy_order(strategy)
        balances = self._search_backflush_balances(domain, order or "id desc")
        if strategy == "closest":
            balances = self._sort_backflush_closest(balances)
        return balances

    @api.model
    def _search_backflush_balances(self, domain, order):
        query = self.sudo()._search(domain, order=order)
        names = ["id", *PLACE_FIELDS, "quantity", "reserved_quantity"]
        columns = (self._field_to_sql(query.table, name, query) for name in names)
        rows = self.env.execute_query(query.select(*columns))
        # A quant that only reserves has no quantity.
        return {
            quant_id: (
                Place(*(value or 0 for value in place)),
                (quantity or 0.0) - (reserved or 0.0),
            )
            for quant_id, *place, quantity, reserved in rows
        }

    @api.model
    def _sort_backflush_closest(self, balances):
        locations = (
            self.env["stock.location"]
            .sudo()
            .browse({place.location_id for place, _free in balances.values()})
        )
        names = {location.id: location.complete_name for location in locations}
        return dict(
            sorted(balances.items(), key=lambda item: names[item[1][0].location_id])
        )

    @api.model
    def _get_backflush_domain(self, products, location):
        """Odoo's condition on the quants of one product, for all these products."""
        domain = self._get_gather_domain(products[:1], location)
        return domain.map_conditions(
            lambda condition: (
                Domain("product_id", "in", products.ids)
                if condition.field_expr == "product_id"
                else condition
            )
        )

    @api.model
    def _get_backflush_claimed(self, places):
        """Read the stock of places that lie outside of what was searched.

        :param places: list of :class:`~odoo.addons.backflush_auto.allocation.Place`
        :return: ``{quant id: (Place, free quantity)}``
        """
        domain = Domain("product_id", "in", {p.product_id for p in places})
        domain &= Domain("location_id", "in", {p.location_id for p in places})
        balances = self._search_backflush_balances(domain, "id")
        wanted = set(places)
        return {key: row for key, row in balances.items() if row[0] in wanted}

    @api.model
    def _update_reserved_quantity(self, *args, **kwargs):
        # The lines of a posting are moved as soon as they are made, see Posting.
        if self.env.context.get("backflush_skip_reservation"):
            return None
        return super()._update_reserved_quantity(*args, **kwargs)

    @api.model
    def _lock_backflush(self, quant_ids):
        """Wait until no other transaction writes these quants, in one order for all."""
        if quant_ids:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM stock_quant WHERE id IN %s"
                    " ORDER BY id FOR NO KEY UPDATE",
                    tuple(quant_ids),
                )
            )
