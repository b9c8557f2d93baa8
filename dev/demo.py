"""Runs in Odoo's shell: the main job on real orders, and what stands beside it.

Every figure that it prints is read from the database. It may be run on the same one any
number of times.
"""

import sys
import textwrap

from tabulate import tabulate

from odoo import fields
from odoo.exceptions import UserError

PRODUCED = 100
TOO_MANY = 1000
WAITING = (20, 50)
DAYS_LATER = 7
# free stock, to which each run counts it up or down
FREE = {"product_board": 1000, "product_bolt": 5000}
ORIGIN = "./run demo"
TABLES = 10


def main(env):
    """Show the chairs, whose orders are kept, and the factory, of which nothing is."""
    env = env(user=env.ref("base.user_demo"))
    show_chairs(env)
    env.cr.commit()
    show_factory(env)
    env.cr.rollback()


def show_chairs(env):
    """Produce chairs, one order after the other, and print stock before and after."""
    demo = Demo(env)
    print(f"\n{demo.describe_recipe()}")
    demo.count_stock()
    demo.show(demo.create_order(PRODUCED), "1. Stock suffices.", "done")
    demo.show(demo.get_short_order(), "2. Boards are short.", "confirmed")
    demo.show(
        demo.create_order(TOO_MANY, backflush=False),
        "3. Stock Odoo: the same shortage on an order with backflushing switched off.",
        "done",
    )
    demo.count_stock()
    print("\nThe stock has been counted again. These orders wait in Manufacturing:")
    demo.print_waiting()


class Demo:
    """The chair of the demo data and its orders, as a manufacturing user has them."""

    def __init__(self, env):
        self.env = env
        self.bom = self._ref("bom_chair")
        self.chair = self._ref("product_chair")
        self.products = self.bom.bom_line_ids.product_id + self.chair
        self.location = self.env.ref("stock.warehouse0").lot_stock_id

    def _ref(self, name):
        return self.env.ref(f"backflush_auto.{name}")

    def count_stock(self):
        """Have an inventory counted that leaves as much free as a run needs."""
        quants = self.env["stock.quant"].sudo().with_context(inventory_mode=True)
        for name, wanted in FREE.items():
            product = self._ref(name)
            missing = wanted - self._read_stock(product)[1]
            here = quants._gather(product, self.location, strict=True)
            counted = {
                "product_id": product.id,
                "location_id": self.location.id,
                "inventory_quantity": sum(here.mapped("quantity")) + missing,
            }
            if missing:
                quants.create(counted).action_apply_inventory()

    def create_order(self, quantity, days=0, origin=ORIGIN, backflush=True):
        """Create and confirm an order of chairs, to be started in some days."""
        values = {
            "product_id": self.chair.id,
            "bom_id": self.bom.id,
            "product_qty": quantity,
            "backflush": backflush,
            "backflush_shortage": "block",
            "origin": origin,
            "date_start": fields.Datetime.add(fields.Datetime.now(), days=days),
        }
        order = self.env["mrp.production"].create(values)
        order.action_confirm()
        return order

    def get_short_order(self):
        """The order that is short of boards, which waits since the last run.

        It comes later than the others, whose stock Odoo would see going to it.
        """
        return self._get_waiting(TOO_MANY, f"{ORIGIN}: short", days=DAYS_LATER)

    def _get_waiting(self, quantity, origin, days=0):
        domain = [
            ("product_id", "=", self.chair.id),
            ("product_qty", "=", quantity),
            ("origin", "=", origin),
            ("state", "=", "confirmed"),
            ("backflush", "=", True),
        ]
        waiting = self.env["mrp.production"].search(domain, limit=1)
        return waiting or self.create_order(quantity, days, origin)

    def show(self, order, title, state):
        """Click "Produce All" and print what the database holds before and after.

        :param state: what the order has to be then; the run ends where it is not
        """
        print(f"\n{title}")
        print(f"{order.name}: {order.product_qty:,g} {self.chair.name}s, Produce All\n")
        before = self._read(order)
        answer = self._produce(order)
        after = self._read(order)
        rows = [
            (name, f"{old:,.2f}", f"{new:,.2f}", f"{new - old:+,.2f}")
            if isinstance(old, float)
            else (name, old, new)
            for (name, old), new in zip(before.items(), after.values(), strict=True)
        ]
        _print_table(("on hand", "before", "after", "change"), rows, right=(1, 2, 3))
        for line in answer.splitlines():
            options = {"initial_indent": "  > ", "subsequent_indent": "    "}
            print(textwrap.fill(line, 88, **options))
        if order.state != state:
            sys.exit(f"{order.name} is {order.state}, and not {state}.")

    def _produce(self, order):
        """Do what the button does; the message that the user gets."""
        try:
            with self.env.cr.savepoint():
                action = order.button_mark_done()
        except UserError as error:
            return str(error)
        return f"(a question: {action})" if isinstance(action, dict) else "(no message)"

    def _read(self, order):
        """Read stock, state and postings, as rows of a table."""
        self.env.invalidate_all()
        return {
            **{it.display_name: self._read_stock(it)[0] for it in self.products},
            "order": _get_label(order, "state"),
            "posting": ", ".join(order.backflush_ids.mapped("name")) or "none",
        }

    def _read_stock(self, product):
        """Quantity on hand and free quantity at the location and below."""
        here = [("location_id", "child_of", self.location.id)]
        [[quantity, reserved]] = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [("product_id", "=", product.id), *here],
                aggregates=["quantity:sum", "reserved_quantity:sum"],
            )
        )
        return quantity, quantity - reserved

    def describe_recipe(self):
        """What one chair takes, in words."""
        lines = [
            f"{line.product_qty:g} × {line.product_id.display_name}"
            for line in self.bom.bom_line_ids
        ]
        return f"{self.chair.display_name} takes {', '.join(lines)}."

    def print_waiting(self):
        """The orders that are left to be tried in the browser."""
        orders = self.get_short_order()
        for quantity in WAITING:
            orders += self._get_waiting(quantity, f"{ORIGIN}: waiting")
        rows = [
            (order.name, f"{order.product_qty:,g}", order.components_availability)
            for order in orders.sorted("product_qty")
        ]
        _print_table(("order", "chairs", "components"), rows, right=(1,))


def show_factory(env):
    """Print the orders, what a new order of tables takes, and the check of the BoMs."""
    print("\nThe factory. These orders wait in Manufacturing, too:")
    print_orders(env["mrp.production"].search([("origin", "=", "Factory")], order="id"))
    print(f"\nProduce All on an order of {TABLES} Oak Tables takes (and is undone):")
    product = env.ref("backflush_auto.bom_table").product_tmpl_id.product_variant_id
    values = {"product_id": product.id, "product_qty": TABLES}
    order = env["mrp.production"].create(values)
    order.action_confirm()
    try:
        order.button_mark_done()
        print_components(order)
    except UserError as error:
        print(textwrap.indent(str(error), "  "))
    print("\nThe BoM check finds:")
    boms = env["mrp.bom"].sudo().search([("backflush", "=", True)])
    boms.action_backflush_check()
    print_findings(boms.backflush_finding_ids)


def print_orders(orders):
    """Print number, product, state and what was posted of each order."""
    rows = [
        (
            order.name,
            f"{order.product_qty:g}",
            order.product_id.with_context(display_default_code=False).display_name,
            _get_label(order, "state"),
            order.components_availability or "",
            "; ".join(map(_describe_posting, order.backflush_ids.sorted("id"))),
        )
        for order in orders
    ]
    _print_table(("order", "", "product", "state", "components", "posted"), rows)


def print_components(order):
    """Print what an order took, from where and of which lots."""
    rows = [
        (
            move.product_id.name,
            _get_label(move, "backflush_method"),
            f"{move.backflush_expected_qty:g} {move.product_uom.name}",
            f"{move.quantity:g} {move.product_uom.name}",
            move.location_id.display_name,
            ", ".join(map(_describe_lot, move.move_line_ids.filtered("lot_id"))),
        )
        for move in order.move_raw_ids
    ]
    titles = ("component", "method", "expected", "consumed", "from", "lots")
    _print_table(titles, rows)
    print(f"  bulk, not deducted: {order.backflush_bulk}")


def print_findings(findings):
    """Print what the check has found, but for what a person has ignored."""
    rows = [
        (
            _get_label(finding, "severity"),
            finding.bom_id.product_tmpl_id.name,
            finding.product_id.name or "",
            _get_label(finding, "kind"),
        )
        for finding in findings.sorted("id")
        if finding.state == "open"
    ]
    _print_table(("severity", "bill of materials", "component", "finding"), rows)


def _describe_posting(posting):
    moves = [f"{move.quantity:g} {move.product_id.name}" for move in posting.move_ids]
    return f"{_get_label(posting, 'trigger')}: {', '.join(moves)}"


def _describe_lot(line):
    unit = line.product_id.uom_id.name
    return f"{line.lot_id.name} {line.quantity_product_uom:g} {unit}"


def _get_label(record, name):
    return dict(record._fields[name]._description_selection(record.env))[record[name]]


def _print_table(titles, rows, right=()):
    sides = ["right" if at in right else "left" for at in range(len(titles))]
    table = tabulate(rows, titles, "plain", disable_numparse=True, colalign=sides)
    print(textwrap.indent(table, "  "))


main(env)  # noqa: F821  Odoo's shell defines it
