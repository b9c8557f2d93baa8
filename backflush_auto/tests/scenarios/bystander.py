"""Another company, which nothing that is done in this one may touch."""

from odoo import Command

from .snapshot import COLUMNS


class Bystander:
    """A company with stock, an order and reservations of the very same products.

    :param pool: :class:`.pool.Pool`
    """

    def __init__(self, pool):
        self.pool = pool
        company = pool.env["res.company"].create(
            {"name": "Bystander", "backflush_default": True}
        )
        pool.user.company_ids = [Command.link(company.id)]
        self.env = pool.env(
            context={**pool.env.context, "allowed_company_ids": company.ids}
        )
        warehouses = self.env["stock.warehouse"]
        self.warehouse = warehouses.search([("company_id", "=", company.id)], limit=1)
        self.warehouse = self.warehouse or warehouses.create(
            {"name": "Bystander", "code": "BY"}
        )
        self._fill()
        self.company = company

    def _fill(self):
        components = [self.pool.products[name] for name in ("board", "bolt", "glue")]
        components = [product.with_env(self.env) for product in components]
        for product in components:
            self.env["stock.quant"]._update_available_quantity(
                product, self.warehouse.lot_stock_id, 50
            )
        table = self.pool.products["table"].with_env(self.env)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": table.product_tmpl_id.id,
                "company_id": self.env.company.id,
                "bom_line_ids": [
                    Command.create({"product_id": product.id, "product_qty": 2})
                    for product in components
                ],
            }
        )
        orders = self.env["mrp.production"].create(
            [{"product_id": table.id, "product_qty": number} for number in (3, 8)]
        )
        orders.action_confirm()
        orders.action_assign()
        orders[0].backflush_post(1, remainder="backorder")

    def read_all(self):
        """All that the company has, as the database has it.

        :return: ``{table: rows}``
        """
        env = self.pool.env
        return {table: self._read_table(env.cr, table) for table in COLUMNS}

    def _read_table(self, cr, table):
        query = f"SELECT * FROM {table} WHERE company_id = %s ORDER BY id"  # noqa: S608
        if table == "mrp_workorder":
            query = """
                SELECT workorder.* FROM mrp_workorder workorder
                JOIN mrp_production production ON production.id = production_id
                WHERE production.company_id = %s ORDER BY workorder.id"""
        cr.execute(query, [self.company.id])
        return cr.dictfetchall()
