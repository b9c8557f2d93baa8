"""What the database says of stock and production, read past the ORM."""

from collections import defaultdict
from dataclasses import dataclass

# Of each table, what a call that changes nothing leaves as it is.
COLUMNS = {
    "stock_quant": "product_id, location_id, lot_id, package_id, owner_id, quantity, "
    "reserved_quantity",
    "stock_move": "product_id, product_uom, product_uom_qty, quantity, picked, state, "
    "location_id, location_dest_id, raw_material_production_id, production_id, "
    "bom_line_id, byproduct_id, unbuild_id, consume_unbuild_id, backflush_id, "
    "backflush_expected_qty, backflush_method, picking_id, origin_returned_move_id, "
    "scrap_id",
    "stock_move_line": "move_id, product_id, quantity, quantity_product_uom, picked, "
    "state, location_id, location_dest_id, lot_id, package_id, result_package_id, "
    "owner_id, backflush_scrapped_qty",
    "stock_scrap": "production_id, workorder_id, product_id, state, backflush_id, "
    "backflush_qty, backflush_make_up",
    "mrp_production": "name, state, product_id, product_qty, product_uom_id, "
    "qty_producing, backflush, production_group_id",
    "mrp_workorder": "production_id, operation_id, state, qty_produced",
    "mrp_unbuild": "mo_id, product_qty, state, backflush_id",
    "mrp_backflush": "production_id, trigger, quantity, reference, state, reverses_id",
}


@dataclass(frozen=True)
class Row:
    """A row, its columns by name."""

    values: dict

    def __getattr__(self, name):
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None


class Snapshot:
    """All rows of these tables at one moment."""

    def __init__(self, env):
        env.flush_all()
        self.tables = {}
        for table, columns in COLUMNS.items():
            env.cr.execute(f"SELECT id, {columns} FROM {table}")  # noqa: S608
            self.tables[table] = {row["id"]: Row(row) for row in env.cr.dictfetchall()}

        env.cr.execute("SELECT move_orig_id, move_dest_id FROM stock_move_move_rel")
        self.chains = env.cr.fetchall()

    def __getattr__(self, name):
        return self.__dict__["tables"][name]

    def changes(self, other):
        """What differs in another snapshot, in a form to print.

        Quants are compared by what they hold: Odoo merges them when it likes.
        """
        found = []
        for table in COLUMNS:
            if table == "stock_quant":
                before, after = self.holdings(), other.holdings()
            else:
                before, after = self.tables[table], other.tables[table]
            for key in sorted({*before, *after}, key=str):
                if before.get(key) != after.get(key):
                    found.append((table, key, before.get(key), after.get(key)))
        return found

    def holdings(self):
        """``{(product, location, lot, package, owner): (quantity, reserved)}``"""
        totals = defaultdict(lambda: [0.0, 0.0])
        for quant in self.stock_quant.values():
            key = (
                *(quant.product_id, quant.location_id, quant.lot_id),
                *(quant.package_id, quant.owner_id),
            )
            totals[key][0] += quant.quantity or 0.0
            totals[key][1] += quant.reserved_quantity or 0.0
        return {
            key: (round(quantity, 6), round(reserved, 6))
            for key, (quantity, reserved) in totals.items()
            if round(quantity, 6) or round(reserved, 6)
        }

    def moved(self):
        """What the done lines moved into and out of each place, net."""
        totals = defaultdict(float)
        for line in self.stock_move_line.values():
            if line.state != "done":
                continue
            what = line.product_id, line.lot_id, line.owner_id
            source = line.location_id, line.package_id
            target = line.location_dest_id, line.result_package_id
            for sign, (location, package) in ((-1, source), (1, target)):
                product, lot, owner = what
                key = product, location, lot, package, owner
                totals[key] += sign * line.quantity_product_uom
        return totals

    def reserved_lines(self):
        """The lines that hold a reservation."""
        return [
            line
            for line in self.stock_move_line.values()
            if line.state not in ("done", "cancel") and line.quantity_product_uom
        ]

    def reserved_by_move(self):
        """What each move holds, in the product's unit."""
        totals = defaultdict(float)
        for line in self.reserved_lines():
            totals[line.move_id] += line.quantity_product_uom
        return totals
