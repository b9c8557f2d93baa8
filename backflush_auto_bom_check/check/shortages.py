"""What bills of materials do about a shortage, and how that has gone so far."""

from collections import defaultdict
from datetime import timedelta
from statistics import median

from odoo import fields
from odoo.fields import Domain

LIMIT, HOURS = "backflush_negative_limit", "backflush_negative_hours"
# Receipts of this long tell what is usual; of fewer than these nothing is.
PERIOD = timedelta(days=365)
ENOUGH = 3
# Debts that nothing has paid for so long do not pay themselves.
OLD = timedelta(days=7)


class Receipts:
    """What usually comes of products, and how long they usually are negative.

    :param products: ``product.product`` recordset
    """

    def __init__(self, products):
        self.env = products.env
        self.since = fields.Datetime.now() - PERIOD
        self._received = self._read_received(products)
        self._lasted = self._read_lasted(products)

    def get_usual_quantity(self, product, company):
        """The usual quantity of a receipt, in the product's unit; 0 if not known."""
        return self._get_usual(self._received[product], company)

    def get_usual_hours(self, product, company):
        """For how long it usually was negative; 0 if that is not known."""
        return self._get_usual(self._lasted[product], company)

    def _get_usual(self, known, company):
        values = [value for one, value in known if not company or one == company]
        return median(values) if len(values) >= ENOUGH else 0.0

    def _read_received(self, products):
        moves = self.env["stock.move"].search(
            Domain("product_id", "in", products.ids)
            & Domain("state", "=", "done")
            & Domain("date", ">=", self.since)
            & Domain("location_id.usage", "=", "supplier")
            & Domain("location_dest_id.usage", "=", "internal")
        )
        received = defaultdict(list)
        for move in moves:
            quantity = move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id, round=False
            )
            received[move.product_id].append((move.company_id, quantity))
        return received

    def _read_lasted(self, products):
        records = self.env["mrp.backflush.negative"].search(
            Domain("product_id", "in", products.ids)
            & Domain("cleared_date", ">=", self.since)
        )
        lasted = defaultdict(list)
        for one in records:
            lasted[one.product_id].append((one.company_id, one.hours))
        return lasted


def find_shortages(components):
    """What goes otherwise than the policy for shortages may promise.

    :param components: list of ``Component`` that are deducted
    :return: yields ``(component, kind, figures)``
    """
    for component in components:
        yield from _find_serial(component)
    limited = [c for c in components if c.bom.backflush_shortage == "negative"]
    if limited:
        yield from _find_short_leashes(limited)


def _find_serial(component):
    # Components are shipped to a subcontractor for each order.
    bom = component.bom
    if component.product.tracking != "serial" or bom.type != "normal":
        return
    company = bom.company_id or bom.env.company
    if bom.backflush_shortage == "defer":
        yield component, "serial_debt", {}
    elif not company.backflush_serial_auto:
        yield component, "serial", {}
    if bom.backflush_shortage == "negative":
        yield component, "serial_shortage", {}


def _find_short_leashes(components):
    env = components[0].bom.env
    receipts = Receipts(env["product.product"].union(*(c.product for c in components)))
    for component in components:
        product, company = component.product, component.bom.company_id
        limit = product._get_backflush_leash(LIMIT)
        usual = receipts.get_usual_quantity(product, company)
        if 0 < limit < usual:
            unit = product.uom_id.name
            figures = {"limit": limit, "usual": usual, "unit": unit}
            yield component, "short_leash", figures
        hours = product._get_backflush_leash(HOURS)
        usual = round(receipts.get_usual_hours(product, company), 1)
        if 0 < hours < usual:
            yield component, "short_hours", {"hours": hours, "usual": usual}


def find_old_debts(boms):
    """What orders of bills of materials have owed for longer than a week.

    :param boms: ``mrp.bom`` recordset
    :return: ``{mrp.bom: list of (id of the company, number of debts, day of the oldest,
        names of the products)}``
    """
    rows = boms.env["mrp.backflush.exception"]._read_group(
        Domain("state", "=", "waiting")
        & Domain("production_id.bom_id", "in", boms.ids)
        & Domain("date", "<=", fields.Datetime.now() - OLD),
        ["company_id", "production_id"],
        ["__count", "date:min", "product_id:recordset"],
    )
    groups = defaultdict(list)
    for company, order, count, date, products in rows:
        groups[order.bom_id, company].append((count, date, products))
    debts = defaultdict(list)
    for (bom, company), found in groups.items():
        counts, dates, products = zip(*found, strict=True)
        names = products[0].union(*products).mapped("display_name")
        oldest = fields.Date.to_string(min(dates))
        debts[bom].append([company.id, sum(counts), oldest, names])
    return debts
