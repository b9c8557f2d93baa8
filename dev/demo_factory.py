"""Runs in Odoo's shell: the factory of the demo data, and one click of Produce All.

Every figure that it prints is read from the database. Nothing is kept.
"""

from odoo.exceptions import UserError

TABLES = 10


def main(env):
    """Show the orders, what a new order of tables takes, and the check of the BoMs."""
    factory = Factory(env)
    print("\nThe factory. These orders wait in Manufacturing, too:")
    _print_rows(factory.get_orders())
    print(f"\nProduce All on an order of {TABLES} Oak Tables takes (and is undone):")
    _print_rows(factory.produce())
    print("\nThe BoM check finds:")
    _print_rows(factory.check())


class Factory:
    """The orders and bills of materials of the demo data, for a manufacturing user."""

    def __init__(self, env):
        self.env = env(user=env.ref("base.user_demo"))
        self.bom = self.env.ref("backflush_auto.bom_table")

    def get_orders(self):
        """Read the orders of the demo data: number, product, state, what was posted."""
        orders = self.env["mrp.production"].search(
            [("origin", "=", "Factory")], order="id"
        )
        return [("order", "", "product", "state", "components", "posted")] + [
            (
                order.name,
                f"{order.product_qty:g}",
                self._get_variant_name(order.product_id),
                _get_label(order, "state"),
                order.components_availability or "",
                self._describe_postings(order),
            )
            for order in orders
        ]

    def _get_variant_name(self, product):
        return product.with_context(display_default_code=False).display_name

    def _describe_postings(self, order):
        postings = order.backflush_ids.sorted("id")
        return "; ".join(
            f"{_get_label(posting, 'trigger')}: "
            + ", ".join(
                f"{move.quantity:g} {move.product_id.name}" for move in posting.move_ids
            )
            for posting in postings
        )

    def produce(self):
        """Click Produce All on an order that is made for it, and take it back.

        :return: rows of a table, or of the message of the refusal
        """
        savepoint = self.env.cr.savepoint()
        try:
            return self._read_consumed(self._click())
        except UserError as error:
            return [(line,) for line in str(error).splitlines()]
        finally:
            self.env.flush_all()
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _click(self):
        order = self.env["mrp.production"].create(
            {
                "product_id": self.bom.product_tmpl_id.product_variant_id.id,
                "bom_id": self.bom.id,
                "product_qty": TABLES,
            }
        )
        order.action_confirm()
        order.button_mark_done()
        return order

    def _read_consumed(self, order):
        rows = [("component", "method", "expected", "consumed", "from", "lots")]
        rows += [
            (
                move.product_id.name,
                _get_label(move, "backflush_method"),
                f"{move.backflush_expected_qty:g} {move.product_uom.name}",
                f"{move.quantity:g} {move.product_uom.name}",
                move.location_id.display_name,
                self._describe_lots(move),
            )
            for move in order.move_raw_ids
        ]
        return [*rows, (f"bulk, not deducted: {order.backflush_bulk}",)]

    def _describe_lots(self, move):
        unit = move.product_id.uom_id
        return ", ".join(
            f"{line.lot_id.name} {line.quantity_product_uom:g} {unit.name}"
            for line in move.move_line_ids
            if line.lot_id
        )

    def check(self):
        """Check all backflushed bills of materials, and read what is open."""
        boms = self.env["mrp.bom"].sudo()
        boms = boms.search([("backflush", "=", True)])
        boms.action_backflush_check()
        findings = boms.backflush_finding_ids.filtered(lambda f: f.state == "open")
        return [("severity", "bill of materials", "component", "finding")] + [
            (
                _get_label(finding, "severity"),
                finding.bom_id.product_tmpl_id.name,
                finding.product_id.name or "",
                _get_label(finding, "kind"),
            )
            for finding in findings.sorted("id")
        ]


def _get_label(record, name):
    labels = dict(record._fields[name]._description_selection(record.env))
    return labels.get(record[name], "")


def _print_rows(rows):
    """Print a table: as wide as its cells; rows of one cell do not count."""
    columns = zip(*(row for row in rows if len(row) > 1), strict=True)
    widths = [max(map(len, column)) for column in columns] or [0]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        print(f"  {'  '.join(cells)}".rstrip())


main(env)  # noqa: F821  Odoo's shell defines it
