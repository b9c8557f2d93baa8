"""Production is reported: by the API, the dialog or Odoo's buttons."""

from odoo.tests import Form

from .event import Skip
from .steps import CONFIRMED, draw_order, step


def draw_report(rng):
    """A report on an order."""
    return {
        **draw_order(rng),
        "quantity": rng.choice((0, 1, 1, 1, 2, 2, 3, 4, 6)),
        "over": rng.random() < 0.1,
        "remainder": rng.choice(("keep", "keep", "backorder", "backorder", "cancel")),
        "way": rng.choice(("api", "api", "batch", "dialog", "form")),
        "repeat": rng.random() < 0.3,
        "entry": rng.choice((None, None, None, None, 0, 1, 5)),
    }


def draw_operation(rng):
    """A report at an operation."""
    return {
        **draw_order(rng),
        "workorder": rng.randrange(3),
        "quantity": rng.choice((0, 1, 2, 3)),
    }


class Report:
    """One report, in whatever way it is made."""

    def __init__(self, world, event, order, quantity, over, remainder, entry, **_rest):
        self.world = world
        self.event = event
        self.order = order
        self.remaining = order.product_qty - order.qty_produced
        whole = quantity == 0 or (quantity >= self.remaining and not over)
        self.quantity = self.remaining if whole else quantity
        self.remainder = remainder
        self.entry = self._find_entry(entry)
        self.lot_names = self._name_lots()

    def _find_entry(self, entry):
        """What a person enters of a component that is not tracked."""
        if entry is None:
            return {}
        moves = self.order.move_raw_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel") and move.has_tracking == "none"
            )
        )
        return {moves[0].id: float(entry)} if moves else {}

    def _name_lots(self):
        tracking = self.order.product_tracking
        if tracking == "none":
            return []
        number = 1 if tracking == "lot" else round(self.quantity)
        return [self.world.next_number("F") for _ in range(number)]

    def prepare(self, **more):
        """The keywords of ``backflush_post``."""
        values = {
            "quantity": self.quantity,
            "lot_names": self.lot_names,
            "remainder": self.remainder,
            "reference": self.world.next_number("R"),
            "components": [
                {"move_id": move, "quantity": quantity}
                for move, quantity in self.entry.items()
            ],
        }
        return {**values, **more}

    def tell(self):
        """Ask beforehand what the report will do, and note it for the rules."""
        preview = self.order.backflush_preview(quantity=self.quantity)
        self.event.preview[self.order.id] = preview
        self.event.told["preview"] = {
            values["move_id"]: values["expected"] for values in preview["components"]
        }
        self.event.reported[self.order.id] = self.quantity
        self.event.remainder = self.remainder
        moves = self.order.move_raw_ids.browse(self.entry)
        self.event.entered.update(moves.bom_line_id.ids)


@step(30, draw_report)
def report(world, event, order, way, repeat, **values):
    """Report production of an order."""
    order = world.pick(order, ("draft", *CONFIRMED) if way != "form" else CONFIRMED)
    if not order or not order.backflush:
        raise Skip
    event.orders.append(order.id)
    made = Report(world, event, order, **values)
    made.tell()
    WAYS[way](made)
    if repeat and way in ("api", "batch") and not event.idle:
        event.repeat = lambda: repeat_report(made, way)


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
    told = {}
    for position in range(len(form.component_ids)):
        with form.component_ids.edit(position) as line:
            told[line.move_id.id] = line.expected_qty
            if line.move_id.id in made.entry:
                line.entered_qty = made.entry[line.move_id.id]
    made.event.told["dialog"] = told
    report = form.save()
    report.action_post()
    if report.question:
        report.action_post_anyway()


def _report_form(made):
    order = made.order
    if order.product_tracking != "none":
        _report_api(made)
        return
    with Form(order) as form:
        form.qty_producing = order.qty_produced + made.quantity
        made.event.told["form"] = read_form(form)
    for move, quantity in made.entry.items():
        order.move_raw_ids.browse(move).write({"quantity": quantity, "picked": True})
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


@step(4, lambda rng: {**draw_order(rng), "quantity": rng.randint(1, 9)})
def typing(world, event, order, quantity):
    """Type a produced quantity on the form, and leave it without saving."""
    order = world.pick(order, CONFIRMED)
    if not order or not order.backflush or order.product_tracking != "none":
        raise Skip
    event.orders.append(order.id)
    event.idle = True
    remaining = order.product_qty - order.qty_produced
    quantity = min(quantity, remaining)
    preview = order.backflush_preview(quantity=quantity)
    event.told["preview"] = {
        values["move_id"]: values["expected"] for values in preview["components"]
    }
    form = Form(order)
    form.qty_producing = order.qty_produced + quantity
    event.told["form"] = read_form(form)


@step(5, draw_operation)
def operation(world, event, order, workorder, quantity):
    """Report at an operation."""
    order = world.pick(order, CONFIRMED)
    workorders = order.workorder_ids.filtered(
        lambda work: work.state not in ("done", "cancel")
    )
    if not workorders or not order.backflush:
        raise Skip
    event.orders.append(order.id)
    workorder = workorders[workorder % len(workorders)]
    quantity = min(quantity, order.product_qty - workorder.backflush_posted_qty)
    event.results.append(
        order.backflush_post(
            quantity=quantity,
            workorder_id=workorder.id,
            reference=world.next_number("R"),
        )
    )


@step(3, lambda rng: {"reports": [draw_report(rng) for _ in range(3)]})
def batch(world, event, reports):
    """Several reports in one call: those that are refused leave no trace."""
    values = []
    for drawn in reports:
        order = world.pick(drawn["order"], ("draft", *CONFIRMED))
        if not order:
            raise Skip
        event.orders.append(order.id)
        made = Report(world, event, **{**drawn, "order": order})
        made.event.entered.update(order.move_raw_ids.browse(made.entry).bom_line_id.ids)
        values.append(made.prepare(production_id=order.id))
    results = world.env["mrp.production"].backflush_post_batch(values)
    event.results += results
    event.idle = not any(result["ok"] for result in results)
