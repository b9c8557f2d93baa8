"""Runs in Odoo's shell: the factory of the demo data, and one click of Produce All.

Every figure that it prints is read from the database. Nothing is kept.
"""

import textwrap

from tabulate import tabulate

from odoo.exceptions import UserError

TABLES = 10


def main(env):
    """Show the orders, what a new order of tables takes, and the check of the BoMs."""
    env = env(user=env.ref("base.user_demo"))
    print("\nThe factory. These orders wait in Manufacturing, too:")
    print_orders(env["mrp.production"].search([("origin", "=", "Factory")], order="id"))
    print(f"\nProduce All on an order of {TABLES} Oak Tables takes (and is undone):")
    produce(env)
    print("\nThe BoM check finds:")
    check(env["mrp.bom"].sudo().search([("backflush", "=", True)]))
    env.cr.rollback()


def print_orders(orders):
    """Print number, product, state and what was posted of each order."""
    rows = [
        (
            order.name,
            f"{order.product_qty:g}",
            order.product_id.with_context(display_default_code=False).display_name,
            _get_label(order, "state"),
            order.components_availability or "",
            "; ".join(map(_describe, order.backflush_ids.sorted("id"))),
        )
        for order in orders
    ]
    _print_table(["order", "", "product", "state", "components", "posted"], rows)


def _describe(posting):
    moves = [f"{move.quantity:g} {move.product_id.name}" for move in posting.move_ids]
    return f"{_get_label(posting, 'trigger')}: {', '.join(moves)}"


def produce(env):
    """Click Produce All on an order that is made for it, and print what it takes."""
    bom = env.ref("backflush_auto.bom_table")
    product = bom.product_tmpl_id.product_variant_id
    values = {"product_id": product.id, "bom_id": bom.id, "product_qty": TABLES}
    order = env["mrp.production"].create(values)
    order.action_confirm()
    try:
        order.button_mark_done()
    except UserError as error:
        print(textwrap.indent(str(error), "  "))
        return
    rows = [
        (
            move.product_id.name,
            _get_label(move, "backflush_method"),
            f"{move.backflush_expected_qty:g} {move.product_uom.name}",
            f"{move.quantity:g} {move.product_uom.name}",
            move.location_id.display_name,
            ", ".join(
                f"{line.lot_id.name} {line.quantity_product_uom:g} "
                f"{move.product_id.uom_id.name}"
                for line in move.move_line_ids
                if line.lot_id
            ),
        )
        for move in order.move_raw_ids
    ]
    titles = ["component", "method", "expected", "consumed", "from", "lots"]
    _print_table(titles, rows)
    print(f"  bulk, not deducted: {order.backflush_bulk}")


def check(boms):
    """Check the bills of materials, and print what is open."""
    boms.action_backflush_check()
    findings = boms.backflush_finding_ids.filtered(lambda it: it.state == "open")
    rows = [
        (
            _get_label(finding, "severity"),
            finding.bom_id.product_tmpl_id.name,
            finding.product_id.name or "",
            _get_label(finding, "kind"),
        )
        for finding in findings.sorted("id")
    ]
    _print_table(["severity", "bill of materials", "component", "finding"], rows)


def _get_label(record, name):
    return dict(record._fields[name]._description_selection(record.env))[record[name]]


def _print_table(titles, rows):
    table = tabulate(rows, titles, tablefmt="plain", disable_numparse=True)
    print(textwrap.indent(table, "  "))


main(env)  # noqa: F821  Odoo's shell defines it
