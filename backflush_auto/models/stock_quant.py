from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.allocation import Place
from ..posting.offers import find_dry_run

PLACE_FIELDS = ["product_id", "location_id", "lot_id", "package_id", "owner_id"]
BALANCE_FIELDS = ["id", *PLACE_FIELDS, "quantity", "reserved_quantity"]


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        quants._follow_backflush_stock()
        return quants

    def write(self, vals):
        res = super().write(vals)
        if "quantity" in vals:
            self._follow_backflush_stock()
        return res

    @api.model
    def _update_reserved_quantity(
        self, product_id, location_id, quantity, *args, **kwargs
    ):
        res = super()._update_reserved_quantity(
            product_id, location_id, quantity, *args, **kwargs
        )
        if quantity < 0:
            self._note_backflush_freed(product_id, location_id)
        return res

    @api.model
    def _get_backflush_balances(self, products, location, needs, reach=None):
        """Read the stock of many products at one source location, in removal order.

        One query for all the products that share a removal strategy; the strategies,
        their order and the conditions on quants are Odoo's own hooks. Lots past their
        removal date are left out where Odoo knows it.

        :param products: ``product.product`` recordset
        :param location: the source location; stock below it counts
        :param needs: quantity needed of each product, by its id, in the product's unit
        :param reach: quantity of each product, by its id, beyond which nothing is read;
            all is read where it is not given
        :return: ``{quant id: (Place, free quantity)}``, in removal order of each
            product
        """
        balances = {}
        for (strategy, expires, tracked, _alone), group in products.grouped(
            lambda product: self._get_backflush_read_key(product, location)
        ).items():
            quants = self
            if expires:
                quants = self.with_context(with_expiration=fields.Datetime.now())
            domain = quants._get_backflush_domain(group, location)
            if strategy == "least_packages":
                domain = quants._run_least_packages_removal_strategy_astar(
                    domain, needs[group.id]
                )
            # Odoo sorts the closest places in Python.
            select = None
            if reach and strategy != "closest":
                select = partial(
                    self._select_backflush_reach, reach=reach, tracked=tracked
                )
            order = self._get_removal_strategy_order(strategy) or "id desc"
            read = quants._search_backflush_balances(domain, order, select)
            if strategy == "closest":
                read = self._sort_backflush_closest(read)
            balances |= read
        return balances

    def _get_backflush_read_key(self, product, location):
        """Products with the same key are read by one query."""
        strategy = self._get_removal_strategy(product, location)
        # Odoo's search for the fewest packages handles one product at a time.
        alone = product.id if strategy == "least_packages" else False
        return strategy, _is_expiring(product), product.tracking != "none", alone

    @api.model
    def _search_backflush_balances(self, domain, order, select=None):
        """Read the quants of a domain.

        :param select: makes the SQL of the query and its columns, where it is not all
        """
        query = self.sudo()._search(domain, order=order)
        columns = [
            self._field_to_sql(query.table, name, query) for name in BALANCE_FIELDS
        ]
        select = select or (lambda query, columns: query.select(*columns))
        rows = self.env.execute_query(select(query, columns))
        # A quant that was only created to reserve has no quantity.
        return {
            quant_id: (
                Place(*(value or 0 for value in place)),
                (quantity or 0.0) - (reserved or 0.0),
            )
            for quant_id, *place, quantity, reserved in rows
        }

    @api.model
    def _select_backflush_reach(self, query, columns, reach, tracked):
        """The quants of a query up to a quantity, added up by PostgreSQL.

        Of 5000 lots a posting takes a few. All of a product are read where one owes
        more than it has, because that debt eats what lies elsewhere.

        :param query: in removal order
        :param reach: ``{product id: quantity}``
        :param tracked: whether what has no lot cannot be taken
        :return: SQL
        """
        removal, query.order = query.order, None
        counted = self._count_backflush_removal(query, columns, tracked)
        return SQL(
            "SELECT %(names)s FROM (%(counted)s WINDOW removal AS"
            " (PARTITION BY stock_quant.product_id ORDER BY %(removal)s)) AS counted"
            " JOIN (VALUES %(reach)s) AS reach (product, quantity)"
            " ON reach.product = counted.product_id"
            " WHERE in_debt OR coalesce(before, 0) < reach.quantity ORDER BY turn",
            names=SQL(", ").join(
                SQL.identifier("counted", name) for name in BALANCE_FIELDS
            ),
            counted=counted,
            removal=removal,
            reach=SQL(", ").join(SQL("(%s, %s)", *pair) for pair in reach.items()),
        )

    @api.model
    def _count_backflush_removal(self, query, columns, tracked):
        """The quants of a query with their turn and what is free before it is theirs.

        :param tracked: whether what has no lot cannot be taken
        :return: SQL, to be completed with the window ``removal``
        """
        free = SQL("coalesce(stock_quant.quantity, 0) - stock_quant.reserved_quantity")
        takeable = SQL("stock_quant.lot_id IS NOT NULL") if tracked else SQL("true")
        return query.select(
            *columns,
            SQL("row_number() OVER removal AS turn"),
            SQL(
                "sum(greatest(%(free)s, 0)) FILTER (WHERE %(takeable)s)"
                " OVER (removal ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
                " AS before",
                free=free,
                takeable=takeable,
            ),
            SQL(
                "bool_or(%(free)s < 0) OVER (PARTITION BY stock_quant.product_id)"
                " AS in_debt",
                free=free,
            ),
        )

    @api.model
    def _get_backflush_sums(self, products, location, debtors, alone):
        """Read how much of products there is at one source location.

        Of 5000 lots in a place, PostgreSQL adds up what is free.

        :param products: ``product.product`` recordset
        :param location: the source location; stock below it counts
        :param debtors: ids of products whose quants are not added up, see
            :meth:`_find_backflush_debtors`
        :param alone: ids of other quants that are not added up
        :return: ``{quant id: (Place, free quantity)}``; a place that is a sum has the
            package -1 and, where its quants have lots, one of these
        """
        sums = {}
        for expires, group in products.grouped(_is_expiring).items():
            quants = self
            if expires:
                quants = self.with_context(with_expiration=fields.Datetime.now())
            domain = quants._get_backflush_domain(group, location)
            select = partial(self._select_backflush_sums, debtors=debtors, alone=alone)
            sums |= quants._search_backflush_balances(domain, "id", select)
        return sums

    @api.model
    def _select_backflush_sums(self, query, columns, debtors, alone):
        """The quants of a query, added up by product and location.

        :param debtors: ids of products whose quants are not added up
        :param alone: ids of other quants that are not added up
        :return: SQL
        """
        query.order = None
        apart = SQL(
            "(stock_quant.product_id = ANY(%s) OR stock_quant.id = ANY(%s)) AS apart",
            list(debtors),
            list(alone),
        )
        counted = query.select(*columns, apart)
        return SQL(
            "SELECT min(id), product_id, location_id, min(lot_id),"
            " CASE WHEN apart THEN min(package_id) ELSE -1 END,"
            " CASE WHEN apart THEN min(owner_id) END,"
            " sum(quantity), sum(reserved_quantity)"
            " FROM (%s) AS counted GROUP BY product_id, location_id,"
            " lot_id IS NULL, apart, CASE WHEN apart THEN id END",
            counted,
        )

    @api.model
    def _find_backflush_debtors(self, products, locations):
        """The products that owe more than they have somewhere in these locations.

        What one place owes eats what lies elsewhere, so lots make a difference then.
        """
        query = self.sudo()._search(
            [
                ("product_id", "in", products.ids),
                ("location_id", "child_of", locations.ids),
            ]
        )
        query.add_where("coalesce(stock_quant.quantity, 0) < reserved_quantity")
        return [
            product_id
            for (product_id,) in self.env.execute_query(
                query.select(SQL("DISTINCT stock_quant.product_id"))
            )
        ]

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

        :param places: list of :class:`.Place`
        :return: ``{quant id: (Place, free quantity)}``
        """
        domain = Domain("product_id", "in", {p.product_id for p in places})
        domain &= Domain("location_id", "in", {p.location_id for p in places})
        balances = self._search_backflush_balances(domain, "id")
        wanted = set(places)
        return {key: row for key, row in balances.items() if row[0] in wanted}

    def _get_gather_domain(self, *args, **kwargs):
        # Odoo checks expiration on the planned date; a posting checks it now.
        if find_dry_run(self) and self.env.context.get("with_expiration"):
            self = self.with_context(with_expiration=fields.Datetime.now())
        return super()._get_gather_domain(*args, **kwargs)

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


def _is_expiring(product):
    """Whether Odoo knows a date from which on the product is not taken."""
    return "use_expiration_date" in product and product.use_expiration_date
