"""Finds what reports are about: an order, or the recipe of one that is to be made."""

from odoo.fields import Domain

from ..errors import REFUSALS, refuse
from .payload import check_quantity


class Lookup:
    """Finds what reports name, with the rights of the user who reports.

    :param env: the environment of the call
    """

    def __init__(self, env):
        self.env = env
        self.orders = env["mrp.production"]
        self.recipes = {}

    def find(self, items):
        """Give each report what it is about, or the error that refuses it.

        :param items: list of :class:`.Item`,
            changed in place: ``order`` or ``recipe``, ``company_id``, ``payload_hash``;
            else ``error``
        """
        orders = self._search_orders(items)
        for item in items:
            if item.is_open:
                try:
                    self._look_up(item, orders)
                except REFUSALS as error:
                    item.error = error

    def _search_orders(self, items):
        """Find all the orders that are named, in one search.

        :return: ``{id or name: orders}``
        """
        reports = [item.report for item in items if item.report]
        ids = {report.production_id for report in reports}
        names = {report.production for report in reports} - {""}
        domain = Domain("id", "in", ids) | Domain("name", "in", names)
        orders = self.orders.search(domain)
        # Read with what the user may not see, which is asked as the superuser later.
        orders.check_access("read")
        return {**orders.grouped("id"), **orders.grouped("name")}

    def _look_up(self, item, orders):
        if item.report.is_orderless:
            item.recipe = self._get_recipe(item.report)
            product, _bom, picking_type = item.recipe
            check_quantity(self.env, item.report.quantity, product.uom_id)
            item.company_id = (picking_type.company_id or self.env.company).id
            subject = ["product", product.id]
        else:
            item.order = self._find_order(item.report, orders)
            item.company_id = item.order.company_id.id
            subject = ["production", item.order.id]
        item.payload_hash = item.report.get_hash(subject)

    def _find_order(self, report, orders):
        found = orders.get(report.production or report.production_id)
        if not found:
            self._refuse_unfound_order(report)
        if len(found) > 1:
            raise refuse(
                self.env._(
                    "%(name)s: several orders have this name; give production_id.",
                    name=report.production,
                ),
                field="production",
            )
        found.check_access("write")
        return found

    def _refuse_unfound_order(self, report):
        domain = Domain("name", "=", report.production or False)
        domain |= Domain("id", "=", report.production_id)
        hidden = self.orders.sudo().search(domain, limit=1)
        hidden.sudo(False).check_access("read")
        raise refuse(
            self.env._(
                "There is no manufacturing order %(order)s.",
                order=report.production or report.production_id,
            ),
            "not_found",
            field="production" if report.production else "production_id",
        )

    def _get_recipe(self, report):
        named = (
            report.product_id,
            report.default_code,
            report.bom_id,
            report.picking_type_id,
        )
        if named not in self.recipes:
            self.recipes[named] = self._find_recipe(report)
        return self.recipes[named]

    def _find_recipe(self, report):
        picking_type = self._find_picking_type(report)
        company = picking_type.company_id or self.env.company
        product = self._find_product(report, company)
        bom = self._find_bom(report, product, picking_type, company)
        if not bom.backflush:
            raise refuse(
                self.env._(
                    "%(product)s is not backflushed: turn on Backflush on its bill of "
                    "materials.",
                    product=product.display_name,
                ),
                "state",
            )
        return product, bom, picking_type

    def _find_picking_type(self, report):
        picking_type = self._find_record(
            "stock.picking.type", report.picking_type_id, "picking_type_id"
        )
        if picking_type and picking_type.code != "mrp_operation":
            raise refuse(
                self.env._(
                    "picking_type_id: %(name)s is not a manufacturing operation type.",
                    name=picking_type.display_name,
                ),
                field="picking_type_id",
            )
        return picking_type

    def _find_product(self, report, company):
        if report.product_id:
            product = self._find_record(
                "product.product", report.product_id, "product_id"
            )
        else:
            product = self.env["product.product"]._find_backflush_by_code(
                report.default_code, company
            )
        if product.company_id and product.company_id != company:
            raise refuse(
                self.env._(
                    "%(product)s belongs to the company %(company)s.",
                    product=product.display_name,
                    company=product.company_id.display_name,
                ),
                field="product_id",
            )
        return product

    def _find_bom(self, report, product, picking_type, company):
        if not report.bom_id:
            boms = self.env["mrp.bom"]._bom_find(
                product, picking_type, company_id=company.id, bom_type="normal"
            )
            if not boms[product]:
                raise refuse(
                    self.env._(
                        "There is no bill of materials to make %(product)s.",
                        product=product.display_name,
                    ),
                    "not_found",
                    field="product_id",
                )
            return boms[product]
        bom = self._find_record("mrp.bom", report.bom_id, "bom_id")
        makes = bom.product_id or bom.product_tmpl_id.product_variant_ids
        if bom.type != "normal" or product not in makes:
            raise refuse(
                self.env._(
                    "bom_id: %(bom)s is not a bill of materials to make %(product)s.",
                    bom=bom.display_name,
                    product=product.display_name,
                ),
                field="bom_id",
            )
        return bom

    def _find_record(self, model, record_id, name):
        record = self.env[model].browse(record_id or ())
        if not record:
            return record
        if not record.exists():
            raise refuse(
                self.env._(
                    "%(field)s: there is no record with the id %(id)s.",
                    field=name,
                    id=record_id,
                ),
                "not_found",
                field=name,
            )
        record.check_access("read")
        return record


def find_products(env, items):
    """All the products that reports move: read once, whatever their number.

    :param items: list of :class:`.Item`, looked up
    :return: ``product.product`` recordset
    """
    orders = env["mrp.production"].union(*(item.order for item in items if item.order))
    products = orders._get_backflush_products()
    products |= _find_named_products(
        env, [entry for item in items for entry in item.report.components]
    )
    for product, bom, picking_type in {i.recipe: True for i in items if i.recipe}:
        lines = bom.explode(product, 1.0, picking_type=picking_type)[1]
        products |= product | bom.byproduct_ids.product_id
        products = products.union(*(line.product_id for line, _vals in lines))
    return products


def _find_named_products(env, components):
    """Products that reports name, also those that their orders have not yet."""
    products = env["product.product"]
    codes = [entry.default_code for entry in components if entry.default_code]
    if codes:
        products = products.search([("default_code", "in", codes)])
    return products | products.browse(
        entry.product_id for entry in components if entry.product_id
    )
