"""What a case needs in the database: products, a recipe, stock and a user."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from odoo import Command

# Stock that is long there, so that its dates differ from those of the run.
RECEIVED = datetime(2025, 1, 1)
# in a lot, and of such a component in an order
PER_LOT, OF_LOTS = 2, 3
# of the first receipt, and of those whose cost is the standard one
PRICE = 10
GROUPS = ("base.group_user", "mrp.group_mrp_user", "account.group_account_readonly")


@dataclass(frozen=True)
class Stage:
    """Ids of the records that a case is played with.

    :param bom_ids: those that a side switches
    :param picking_type_ids: those whose reservation a side sets
    :param numbers: last number of each sequence of the database, None before its first
    """

    user_id: int
    product_id: int
    bom_ids: list
    picking_type_ids: list
    numbers: dict


def build(env, case):
    """Make everything a case begins with.

    :param env: the superuser's
    :return: `Stage`
    """
    warehouse = env["stock.warehouse"].search([], limit=1)
    components = _create_components(env, case)
    product = env["product.product"].create(
        {"name": f"Product of {case.name}", "is_storable": True}
    )
    bom = env["mrp.bom"].create(
        {
            "product_tmpl_id": product.product_tmpl_id.id,
            "backflush_shortage": "defer" if case.flow == "debts" else "block",
            "bom_line_ids": [
                Command.create({"product_id": component.id, "product_qty": quantity})
                for component, quantity in _get_recipe(case, components)
            ],
            "operation_ids": _get_operations(env, case),
        }
    )
    if case.flow == "operations":
        at = {"operation_id": bom.operation_ids[:1].id, "backflush_method": "operation"}
        bom.bom_line_ids.write(at)
    if case.flow != "debts":
        for component, quantity in _get_recipe(case, components):
            _add_stock(case, component, quantity * case.orders, warehouse.lot_stock_id)
    user = create_user(env, f"bench-{case.name}")
    return Stage(
        user.id, product.id, bom.ids, warehouse.manu_type_id.ids, read_numbers(env.cr)
    )


def _create_components(env, case):
    values = {"is_storable": True, "tracking": "lot" if case.lots else "none"}
    if case.cost:
        values["categ_id"] = _create_category(env, case).id
        values["standard_price"] = PRICE
    return env["product.product"].create(
        [
            {"name": f"Component {number} of {case.name}", **values}
            for number in range(case.components)
        ]
    )


def _create_category(env, case):
    name = f"Components at {case.cost} cost"
    vals = {"name": name, "property_cost_method": case.cost}
    return env["product.category"].create(vals)


def _get_recipe(case, components):
    """Each component with its quantity for one product."""
    return [
        (component, OF_LOTS if case.lots else number % 3 + 1)
        for number, component in enumerate(components)
    ]


def _get_operations(env, case):
    if not case.operations:
        return []
    centre = env["mrp.workcenter"].create({"name": f"Work center of {case.name}"})
    return [
        Command.create({"name": f"Operation {number}", "workcenter_id": centre.id})
        for number in range(case.operations)
    ]


def create_user(env, login):
    """A plain manufacturing user.

    With `mrp_account`, Odoo lets nobody finish work who cannot read accounts.
    """
    groups = [env.ref(name, raise_if_not_found=False) for name in GROUPS]
    return env["res.users"].create(
        {
            "name": login,
            "login": login,
            "group_ids": [Command.set([group.id for group in groups if group])],
        }
    )


def _add_stock(case, component, needed, location):
    if case.lots:
        _add_lots(case, component, location)
    elif case.receipts:
        _receive(case, component, needed, location)
    else:
        component.env["stock.quant"]._update_available_quantity(
            component, location, 2 * needed, in_date=RECEIVED
        )


def _receive(case, component, needed, location):
    """Receive twice what is needed, each receipt at a higher price."""
    supplier = component.env.ref("stock.stock_location_suppliers")
    quantity = 2 * needed / case.receipts
    moves = component.env["stock.move"].create(
        [
            {
                "product_id": component.id,
                "product_uom_qty": quantity,
                "location_id": supplier.id,
                "location_dest_id": location.id,
                "value_manual": quantity * (PRICE + number),
            }
            for number in range(case.receipts)
        ]
    )
    moves._action_confirm()
    for move in moves:
        move.write({"quantity": quantity, "picked": True})
    moves._action_done()
    for number, move in enumerate(moves):
        move.date = RECEIVED + timedelta(hours=number)
    component.stock_quant_ids.in_date = RECEIVED


def _add_lots(case, component, location):
    """Make a lot with its stock, and copies of both in SQL: there are many."""
    env = component.env
    vals = {"product_id": component.id, "name": "LOT-0"}
    lot = env["stock.lot"].create(vals)
    env["stock.quant"]._update_available_quantity(
        component, location, PER_LOT, lot_id=lot, in_date=RECEIVED
    )
    env.flush_all()
    _copy_row(env.cr, "stock_lot", lot.id, case.lots, {"name": "'LOT-' || number"})
    env.cr.execute(
        "SELECT id FROM stock_lot WHERE product_id = %s AND id <> %s",
        [component.id, lot.id],
    )
    lot_ids = [row[0] for row in env.cr.fetchall()]
    changed = {
        "lot_id": f"(ARRAY{lot_ids})[number]",
        "in_date": "in_date + number * interval '1 hour'",
    }
    [quant] = lot.quant_ids.filtered(lambda quant: quant.location_id == location)
    _copy_row(env.cr, "stock_quant", quant.id, case.lots, changed)
    env.invalidate_all()


def _copy_row(cr, table, record_id, number, changed):
    """Have a row so many times.

    :param changed: SQL of the columns that differ, where ``number`` counts
    """
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND column_name <> 'id'",
        [table],
    )
    columns = [row[0] for row in cr.fetchall()]
    values = ", ".join(changed.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {values}"
        f" FROM {table}, generate_series(1, %s) AS number WHERE id = %s",
        [number - 1, record_id],
    )


def read_numbers(cr):
    """The last number of each sequence of the database, None before its first.

    What waits to be written counts, too.
    """
    cr.flush()
    cr.execute(
        "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences"
    )
    return dict(cr.fetchall())
