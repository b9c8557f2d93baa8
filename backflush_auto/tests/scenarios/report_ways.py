"""The ways in which a report is made."""

from odoo import Command
from odoo.tests import Form


def _report_api(made):
    made.values = made.prepare()
    made.event.results.append(made.order.backflush_post(**made.values))


def repeat_report(made, way):
    """Send a report again, in the other of both ways.

    :return: the answers, the first and this one, which says that it is a repetition
    """
    values = {**made.values, "production_id": made.order.id}
    [first] = made.event.results
    if way == "api":
        [again] = made.world.env["mrp.production"].backflush_post_batch([values])
        again.pop("ok")
    else:
        again = {"ok": True, **made.order.backflush_post(**made.values)}
    return {**first, "replayed": True}, again


def _report_batch(made):
    made.values = made.prepare()
    values = {**made.values, "production_id": made.order.id}
    results = made.world.env["mrp.production"].backflush_post_batch([values])
    made.event.results += results
    if not results[0]["ok"]:
        made.event.idle = True


def _report_dialog(made):
    action = made.order.action_backflush_report()
    form = Form.from_action(made.world.env, action)
    form.quantity = made.quantity
    if form.has_remainder:
        form.remainder = made.remainder
    tracking = made.order.product_tracking
    if tracking == "serial":
        form.serial_numbers = "\n".join(made.lot_names)
    if tracking == "lot":
        form.lot_id = made.world.create_lot()
    shown = {}
    for position in range(len(form.component_ids)):
        with form.component_ids.edit(position) as line:
            shown[line.move_id.id] = line.expected_qty
            if line.move_id.id in made.entry:
                line.entered_qty = made.entry[line.move_id.id]
    made.event.shown["dialog"] = shown
    report = form.save()
    report.action_post()
    if report.question:
        report.action_post_anyway()


def _report_form(made):
    order = made.order
    # Those of a report that was corrected are not the order's any more.
    known = (
        order.lot_producing_ids
        & order.move_finished_ids.filtered(
            lambda move: move.product_id == order.product_id and move.state == "done"
        ).lot_ids
    )
    lots = [made.world.create_lot().id for _ in made.lot_names]
    if order.product_tracking == "serial":
        order.write({"lot_producing_ids": [Command.set([*known.ids, *lots])]})
        order.set_qty_producing()
        # After a change of the planned quantity Odoo proposes all of it.
        order.qty_producing = len(order.lot_producing_ids)
    else:
        if lots:
            order.write({"lot_producing_ids": [Command.set(lots)]})
        with Form(order) as form:
            form.qty_producing = order.qty_produced + made.quantity
            made.event.shown["form"] = read_form(form)
    for number, quantity in made.entry.items():
        move = order.move_raw_ids.browse(number)
        move.write({"quantity": quantity, "picked": True})
        made.event.released.add(move.product_id.id)
    action = order.button_mark_done()
    while isinstance(action, dict) and action.get("target") == "new":
        wizard = Form.from_action(made.world.env, action).save()
        action = _answer(made, wizard)


def _answer(made, wizard):
    if wizard._name == "mrp.consumption.warning":
        return wizard.action_confirm()
    if made.remainder == "keep":
        return wizard.action_backflush_keep_open()
    if made.remainder == "backorder":
        return wizard.action_backorder()
    return wizard.action_close_mo()


WAYS = {
    "api": _report_api,
    "batch": _report_batch,
    "dialog": _report_dialog,
    "form": _report_form,
}


def read_form(form):
    """What the form shows to be consumed, as long as nothing is saved.

    :return: ``{move id: expected}`` of the components that are open
    """
    rows = form._values["move_raw_ids"]._data
    return {
        move: row["backflush_due_qty"]
        for move, row in rows.items()
        if row.get("state") not in ("done", "cancel")
    }
