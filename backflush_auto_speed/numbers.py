"""Numbers for many records, drawn from their sequence by one query."""

from odoo.tools import SQL

from .switches import is_switched_off


def draw_numbers(sequence, number):
    """Draw the next numbers of a sequence.

    Only a standard sequence without date ranges is asked for several at once.

    :param sequence: ``ir.sequence`` record
    :param number: how many
    :return: list of texts, as ``next_by_id`` gives them one by one
    """
    is_plain = sequence.implementation == "standard" and not sequence.use_date_range
    steps = [(sequence, step, "base") for step in ("next_by_id", "_next", "_next_do")]
    if number < 2 or not is_plain or is_switched_off("Numbering many records", *steps):
        return [sequence.next_by_id() for _number in range(number)]
    sequence.browse().check_access("read")
    drawn = sequence.env.execute_query(
        SQL(
            "SELECT nextval(%s) FROM generate_series(1, %s)",
            f"ir_sequence_{sequence.id:03d}",
            number,
        )
    )
    return [sequence.get_next_char(row) for row in drawn]
