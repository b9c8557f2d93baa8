"""What Odoo is about to ask of orders, read together.

Odoo reads components and finished goods by themselves, and each kind of link by a query
of its own, though most moves have none: no other move before or after them, no route,
no debt. Here the moves of all orders are read by one query, their lines by one, and one
asks which of these links there are. Where there is none, that is known; the others are
read by the ORM as ever.
"""

from odoo.tools import SQL

from .lookups import get_lookups

# Links that few records have, by the model.
RARE = {
    "mrp.production": (
        "workorder_ids",
        "lot_producing_ids",
        "never_product_template_attribute_value_ids",
    ),
    "stock.move": (
        "move_orig_ids",
        "move_dest_ids",
        "route_ids",
        "never_product_template_attribute_value_ids",
        "backflush_exception_ids",
        "move_line_ids",
    ),
    "product.product": ("orderpoint_ids",),
}
MOVES = ("move_raw_ids", "all_move_raw_ids", "move_finished_ids", "all_move_ids")


def read_ahead(orders):
    """Read what confirming or posting orders asks of them, unless it is known.

    :param orders: ``mrp.production`` recordset; only backflushed ones are read
    """
    unread = orders.filtered(lambda order: order.id and not _is_known(order, MOVES[0]))
    # The superuser reads what only Odoo may see, too: no query of its own for that.
    unread.check_access("read")
    unread = unread.filtered("backflush")
    if not unread:
        return
    get_lookups(orders.env).is_even = True
    moves = _read_moves(unread)
    _find_rare_links(unread, moves)
    read_products(moves.product_id | unread.product_id)
    _read_lines(moves.filtered(lambda move: not _is_known(move, "move_line_ids")))
    moves.fetch(["reference_ids"])
    moves._find_backflush_kits()


def read_products(products):
    """Read products of recipes or orders, and whether reordering rules watch them.

    :param products: ``product.product`` recordset
    """
    products.product_tmpl_id.mapped("uom_id")
    known = get_lookups(products.env).watched
    unknown = products.filtered(lambda product: product.id not in known)
    known.update(dict.fromkeys(unknown._ids, True))
    without = _find_rare_links(unknown) if unknown else ()
    known.update(dict.fromkeys(without, False))


def _is_known(record, name):
    """Whether a field of a record has been read."""
    return record.id in record._fields[name]._get_cache(record.env)


def _read_moves(orders):
    """Read all the moves of orders by one query."""
    moves = orders.env["stock.move"].search_fetch(
        [
            "|",
            ("raw_material_production_id", "in", orders.ids),
            ("production_id", "in", orders.ids),
        ]
    )
    places = moves.location_id | moves.location_dest_id
    (places | orders.location_src_id | orders.location_dest_id).mapped("usage")
    for name in MOVES:
        field = orders._fields[name]
        of_field = moves.filtered_domain(field.get_comodel_domain(orders))
        _keep(orders, field, of_field.grouped(field.inverse_name))
    return moves


def _read_lines(moves):
    """Read the lines of moves by one query, where there are any."""
    if not moves:
        return
    lines = moves.env["stock.move.line"].search_fetch([("move_id", "in", moves.ids)])
    _keep(moves, moves._fields["move_line_ids"], lines.grouped("move_id"))


def _keep(records, field, found):
    """Let records know what they are linked to, unless they know it already.

    :param found: ``{record: what it is linked to}``
    """
    none = records.env[field.comodel_name]
    field._insert_cache(records, [found.get(r, none)._ids for r in records])


def _find_rare_links(*recordsets):
    """Ask by one query which links there are; where none is, that is known.

    :return: ids of the records of the last recordset that have none of the last link
    """
    env = recordsets[0].env
    asked = [
        (records, records._fields[name])
        for records in recordsets
        for name in RARE[records._name]
        if records
    ]
    selects = [
        SQL(
            "SELECT DISTINCT %s, %s FROM %s WHERE %s IN %s",
            number,
            column,
            table,
            column,
            records._ids,
        )
        for number, (records, field) in enumerate(asked)
        for table, column in [_find_table(env, field)]
    ]
    found = set(env.execute_query(SQL(" UNION ALL ").join(selects)))
    for number, (records, field) in enumerate(asked):
        without = records.filtered(
            lambda record, number=number: (number, record.id) not in found
        )
        field._insert_cache(without, [()] * len(without))
    return without._ids


def _find_table(env, field):
    """Where a link is kept: table, and column of the record that has it."""
    if field.type == "many2many":
        return SQL.identifier(field.relation), SQL.identifier(field.column1)
    linked = env[field.comodel_name]
    linked.flush_model([field.inverse_name])
    return SQL.identifier(linked._table), SQL.identifier(field.inverse_name)
