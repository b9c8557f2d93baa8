"""Production is reported: by the API, the dialog or Odoo's buttons."""

from odoo.tests import Form

from .event import Skip
from .report_ways import WAYS, read_form, repeat_report
from .steps import CONFIRMED, draw_order, step


def draw_report(rng):
    """A report on an order."""
    return {
        **draw_order(rng),
        "quantity": rng.choice((0, 1, 1, 1, 2, 2, 3, 4, 6)),
        "over": rng.random() < 0.1,
        "remainder": rng.choice(("keep", "keep", "backorder", "backorder", "cancel")),
        "way": rng.choice(
            (*("api", "api", "api", "batch", "batch", "batch"), "dialog", "form")
        ),
        "repeat": rng.random() < 0.3,
        "entry": rng.choice((None, None, None, None, 0, 1, 5)),
        "lots": rng.random() < 0.25,
    }


def draw_operation(rng):
    """A report at an operation."""
    return {
        **draw_order(rng),
        "workorder": rng.randrange(3),
        "quantity": rng.choice((0, 1, 2, 3)),
    }


def find_remaining(order):
    """What is left to be made of an order: what failed is not, unless made up for."""
    failed = order.scrap_ids.filtered(
        lambda scrap: (
            scrap.backflush_qty
            and not scrap.backflush_make_up
            and scrap.backflush_id.state != "reversed"
        )
    )
    closing = sum(failed.mapped("backflush_qty"))
    return order.product_qty - closing - order.qty_produced


class Report:
    """One report, in whatever way it is made."""

    def __init__(
        self, world, event, order, quantity, over, remainder, entry, lots, **_rest
    ):
        self.world = world
        self.event = event
        self.order = order
        self.remaining = find_remaining(order)
        if self.remaining <= 0:
            raise Skip
        whole = quantity == 0 or (quantity >= self.remaining and not over)
        self.quantity = self.remaining if whole else quantity
        self.remainder = remainder
        self.entry = self._find_entry(entry)
        self.lot_names = self._name_lots()
        # Of components: {move id: {lot name: quantity}}.
        self.named = self._choose_lots() if lots else {}

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

    def _choose_lots(self):
        """Lots that are named for a component, of all that it should take.

        They are not those that the removal strategy would take first.
        """
        moves = self.order.move_raw_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.has_tracking != "none"
                and not move.picked
            )
        )
        for move in moves[:1]:
            preview = self.order.backflush_preview(quantity=self.quantity)
            [due] = [
                values["expected"]
                for values in preview["components"]
                if values["move_id"] == move.id
            ]
            free = self.world.find_lots(move.product_id, move.location_id)
            if due and move.has_tracking == "lot":
                return {move.id: {free[:1].name: due}} if free else {}
            if due and len(free) >= due:
                return {move.id: {lot.name: 1.0 for lot in free[: round(due)]}}
        return {}

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
            ]
            + [
                {
                    "move_id": move,
                    "quantity": sum(lots.values()),
                    "lots": [
                        {"name": name, "quantity": quantity}
                        for name, quantity in lots.items()
                    ],
                }
                for move, lots in self.named.items()
            ],
        }
        return {**values, **more}

    def tell(self):
        """Ask beforehand what the report will do, and note it for the rules."""
        preview = self.order.backflush_preview(quantity=self.quantity)
        self.event.preview[self.order.id] = preview
        self.event.shown["preview"] = {
            values["move_id"]: values["expected"] for values in preview["components"]
        }
        self.event.reported[self.order.id] = self.quantity
        self.event.remainder = self.remainder

    def note(self):
        """Note for the rules what was entered."""
        moves = self.order.move_raw_ids.browse([*self.entry, *self.named])
        self.event.entered.update(moves.bom_line_id.ids)
        # What was entered before was for this report, and this entry takes its place.
        instead = moves.browse(self.entry).filtered("picked")
        self.event.released.update(instead.product_id.ids)
        self.event.named[self.order.id] = {
            self.order.move_raw_ids.browse(move).bom_line_id.id: lots
            for move, lots in self.named.items()
        }


@step(30, draw_report)
def report(world, event, order, way, repeat, **values):
    """Report production of an order."""
    order = world.pick(order, ("draft", *CONFIRMED) if way != "form" else CONFIRMED)
    if not order or not order.backflush:
        raise Skip
    event.orders.append(order.id)
    values["lots"] &= way in ("api", "batch")
    made = Report(world, event, order, **values)
    made.tell()
    made.note()
    WAYS[way](made)
    if repeat and way in ("api", "batch") and not event.idle:
        event.repeat = lambda: repeat_report(made, way)


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
    event.shown["preview"] = {
        values["move_id"]: values["expected"] for values in preview["components"]
    }
    form = Form(order)
    form.qty_producing = order.qty_produced + quantity
    event.shown["form"] = read_form(form)


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
        made.note()
        values.append(made.prepare(production_id=order.id))
    results = world.env["mrp.production"].backflush_post_batch(values)
    event.results += results
    event.idle = not any(result["ok"] for result in results)


@step(
    3,
    lambda rng: {
        "quantity": rng.choice((1, 2, 3, 5)),
        "remainder": rng.choice(("keep", "cancel")),
    },
)
def orderless(world, event, quantity, remainder):
    """Report production that nobody has ordered: an order is made for it."""
    tracking = world.product.tracking
    number = {"none": 0, "lot": 1, "serial": quantity}[tracking]
    values = {
        "default_code": world.product.default_code,
        "bom_id": world.bom.id,
        "picking_type_id": world.warehouse.manu_type_id.id,
        "quantity": quantity,
        "remainder": remainder,
        "lot_names": [world.next_number("F") for _ in range(number)],
        "reference": world.next_number("R"),
    }
    [result] = world.env["mrp.production"].backflush_post_batch([values])
    event.results.append(result)
    event.idle = not result["ok"]
    if result["ok"]:
        event.orders.append(result["production"]["id"])
        event.reported[event.orders[0]] = quantity
