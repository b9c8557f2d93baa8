"""Who does the work: stock Odoo in two settings, and the addon; and what they do."""

from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True)
class Side:
    """A way to have the same orders produced.

    :param backflush: the switch of the bill of materials
    :param reservation: Odoo's setting of the operation type
    """

    name: str
    title: str
    backflush: bool
    reservation: str

    def set_up(self, env, stage):
        """Set what makes this side, as an administrator would."""
        boms = env["mrp.bom"].browse(stage.bom_ids)
        boms.backflush = self.backflush
        picking_types = env["stock.picking.type"].browse(stage.picking_type_ids)
        picking_types.reservation_method = self.reservation


STOCK = Side("stock", "stock Odoo", False, "at_confirm")
MANUAL = Side("manual", "stock Odoo, manual reservation", False, "manual")
OURS = Side("ours", "backflushed", True, "at_confirm")
ALL = (STOCK, MANUAL, OURS)


class Orders:
    """Orders that are created, confirmed and completed together."""

    def __init__(self, env, stage, case):
        self.env = env
        self.stage = stage
        self.case = case
        self.ids = []

    @property
    def orders(self):
        """The orders, as the user sees them."""
        return self.env["mrp.production"].browse(self.ids)

    def get_requests(self):
        """The requests of a client, one after the other: ``(step, function)``."""
        return [
            ("create", self.create),
            ("confirm", self.confirm),
            ("complete", self.complete),
        ]

    def create(self):
        """Create the orders."""
        self.ids = self.orders.create(self.prepare_vals()).ids

    def prepare_vals(self):
        """The values of each order."""
        vals = {"product_id": self.stage.product_id, "product_qty": self.quantity}
        [vals["bom_id"]] = self.stage.bom_ids
        return [dict(vals) for _order in range(self.number)]

    quantity = 1

    @property
    def number(self):
        """How many orders."""
        return self.case.orders

    def confirm(self):
        """Confirm them together."""
        self.orders.action_confirm()

    def complete(self):
        """Select them in their list and click Produce All."""
        self.orders.button_mark_done()

    def find_undone(self):
        """What is not as it should be in the end, in words; empty if all is well."""
        states = self.orders.mapped("state")
        if states == ["done"] * self.number:
            return ""
        return f"the orders are {', '.join(sorted(set(states)))}"


class Together(Orders):
    """The same in one request, as a program's own method on the server would do it."""

    def get_requests(self):
        """One request."""
        return [("report", self.report)]

    def report(self):
        """Create, confirm and complete."""
        self.create()
        self.confirm()
        self.complete()


class Batch(Together):
    """Reports that name no order, in one call."""

    def report(self):
        """Have orders made, confirmed and completed."""
        report = {"product_id": self.stage.product_id, "quantity": self.quantity}
        reports = [dict(report) for _order in range(self.number)]
        results = self.orders.backflush_post_batch(reports)
        self.ids = [result["production"]["id"] for result in results if result["ok"]]

    def find_undone(self):
        """Refused reports made no order."""
        refused = self.number - len(self.ids)
        return f"{refused} reports were refused" if refused else super().find_undone()


class Parts(Orders):
    """One order, reported piece by piece."""

    number = 1

    @property
    def quantity(self):
        """Of the order."""
        return self.case.orders

    def get_requests(self):
        """A request for each piece."""
        parts = [("complete", self.report)] * self.quantity
        return [("create", self.create), ("confirm", self.confirm), *parts]

    def report(self):
        """Report one piece; the order stays open."""
        self.orders.backflush_post(quantity=1)


class Backorders(Parts):
    """The same in stock Odoo: each piece leaves a backorder of the rest."""

    def report(self):
        """Produce one piece of the last backorder."""
        order = self.orders[-1:]
        order.qty_producing = 1
        order.set_qty_producing()  # as its form does
        if order.product_qty > order.qty_producing:
            context = {"skip_backorder": True, "mo_ids_to_backorder": order.ids}
            order = order.with_context(**context)
        order.button_mark_done()
        rest = order.production_group_id.production_ids - self.orders
        self.ids += rest.ids

    def find_undone(self):
        """All of them are done."""
        states = set(self.orders.mapped("state"))
        return "" if states == {"done"} else f"the orders are {', '.join(states)}"


class Finished(Orders):
    """Orders whose work is finished first, operation after operation."""

    def get_requests(self):
        """A request for each operation of all the orders."""
        create, confirm, complete = super().get_requests()
        numbers = range(self.case.operations)
        reports = [("report", partial(self.report, number)) for number in numbers]
        return [create, confirm, *reports, complete]

    def get_workorders(self, number):
        """The work orders of one operation."""
        workorders = self.orders.workorder_ids
        return workorders.union(*(order.workorder_ids[number] for order in self.orders))

    def report(self, number):
        """Select the work orders of an operation, and click Done."""
        self.get_workorders(number).button_finish()


class Operations(Finished):
    """The same by reports at work orders, in one call for each operation."""

    def report(self, number):
        """Report at each work order."""
        reports = [
            {"production_id": workorder.production_id.id, "workorder_id": workorder.id}
            for workorder in self.get_workorders(number)
        ]
        results = self.orders.backflush_post_batch(reports)
        if refused := [result for result in results if not result["ok"]]:
            raise AssertionError(refused[0]["error"]["message"])


class Reserved(Orders):
    """Orders of which a person looks at what they would take, then completes them."""

    def get_requests(self):
        """A request for each order that is looked at."""
        create, confirm, complete = super().get_requests()
        looks = [("look", partial(self.look, number)) for number in range(self.number)]
        return [create, confirm, *looks, complete]

    def look(self, number):
        """Click Check Availability."""
        self.orders[number].action_assign()


class Dialog(Reserved):
    """The same in the dialog, which shows what would be taken."""

    COMPONENT = ("expected_qty", "free_qty", "short_qty", "lots", "formula")

    def look(self, number):
        """Open Report Production."""
        context = self.orders[number].action_backflush_report()["context"]
        shown = {"fields": dict.fromkeys(self.COMPONENT, {})}
        fields = {"quantity": {}, "most_qty": {}, "component_ids": shown}
        dialog = self.env["mrp.backflush.report"].with_context(context)
        shown = dialog.onchange({}, [], {"production_ids": {}, **fields})["value"]
        if shown["most_qty"] <= 0 or not shown["component_ids"]:
            raise AssertionError("the dialog shows nothing")


class Received(Orders):
    """Orders whose components are received before they are completed."""

    def get_requests(self):
        """A request for the receipt."""
        create, confirm, complete = super().get_requests()
        return [create, confirm, ("receive", self.receive), complete]

    def receive(self):
        """Receive all that the orders need, as one move of each component."""
        bom = self.env["mrp.bom"].browse(self.stage.bom_ids)
        moves = self.env["stock.move"].sudo()
        moves = moves.create(
            [
                {
                    "product_id": line.product_id.id,
                    "product_uom_qty": line.product_qty * self.number,
                    "location_id": self.env.ref("stock.stock_location_suppliers").id,
                    "location_dest_id": self.orders.location_src_id.id,
                }
                for line in bom.bom_line_ids
            ]
        )
        moves._action_confirm()
        for move in moves:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        moves._action_done()


class Owed(Received):
    """The same, completed first: what comes pays what they owe."""

    def get_requests(self):
        """A request for the receipt, and one for the scheduled action after it."""
        create, confirm, receive, complete = super().get_requests()
        return [create, confirm, complete, receive, ("receive", self.settle)]

    @property
    def waiting(self):
        """What the orders owe."""
        debts = self.env["mrp.backflush.exception"].sudo()
        owed = [("production_id", "in", self.ids), ("state", "=", "waiting")]
        return debts.search(owed)

    def settle(self):
        """Pay what was too much for the receipt, as the scheduled action does."""
        if waiting := self.waiting:
            waiting._try_settle()

    def find_undone(self):
        """All is paid."""
        owed = len(self.waiting)
        return f"{owed} debts are not paid" if owed else super().find_undone()


# Who plays a case on the side of stock Odoo, and who on ours.
FLOWS = {
    "orders": (Orders, Orders),
    "batch": (Together, Batch),
    "parts": (Backorders, Parts),
    "operations": (Finished, Operations),
    "dialog": (Reserved, Dialog),
    "debts": (Received, Owed),
}


def get_flow(side, case):
    """The class that plays a case on a side."""
    return FLOWS[case.flow][side.backflush]
