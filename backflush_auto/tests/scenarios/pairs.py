"""Scenarios that are run with stock Odoo and with backflushing: they end alike."""

import copy
import functools
import traceback
from collections import Counter, defaultdict

from .pool import COMPONENTS
from .runner import Failure
from .world import World


class Pairs:
    """Runs a scenario twice, and compares what became of it.

    :param runner: :class:`.runner.Runner`
    """

    def __init__(self, runner):
        self.runner = runner

    def run(self, scenario):
        """Run a scenario with stock Odoo and with backflushing: they end alike.

        :return: :class:`Failure`, or None
        """
        sides = []
        for backflush in (False, True):
            side = copy.deepcopy(scenario)
            side["world"]["backflush"] = backflush
            run = functools.partial(self._get_outcomes, side)
            sides.append(self.runner.take_back(run))
        for number, (stock, ours) in enumerate(zip(*sides, strict=False)):
            if ours["kind"] == "shortage":
                # Stock Odoo takes what is not there, or what others hold.
                return None
            if stock.pop("lacking", None):
                # Stock Odoo leaves out lots that are not reserved: of what nobody has
                # brought, and another order has left there.
                return None
            if stock.pop("unnumbered", None):
                return None
            if _is_given_back_twice(stock) and not ours.get("refused"):
                return None
            if _is_made_twice(stock, ours):
                return None
            if scenario["world"]["serial_auto"] and _lacks_numbers(stock, ours):
                return None
            if stock.pop("freed"):
                if stock.get("refused") and not ours.get("refused"):
                    return None
                del stock["held"]
            for what in stock:
                if stock[what] != ours.get(what):
                    return Failure(
                        number,
                        f"off and on agree ({what})",
                        f"{what}: off {stock[what]}, on {ours.get(what)}",
                    )
        return None

    def _get_outcomes(self, scenario):
        world = World(self.runner.pool, scenario["world"])
        start = world.find_orders()
        outcomes, done = [], set()
        for step in scenario["steps"]:
            done.add(step["do"])
            try:
                event = self.runner.do(world, step)
            except Exception:  # noqa: BLE001 any other is what is looked for
                failure = traceback.format_exc()
                outcomes.append({"traceback": failure, "kind": "", "freed": False})
                return outcomes
            self.runner.count(step["do"], event)
            refused = event.refused if event else None
            outcomes.append(
                {
                    "kind": getattr(refused, "backflush_kind", ""),
                    "refused": str(refused or ""),
                    "unnumbered": isinstance(refused, ValueError),
                    "lacking": is_lacking(world, world.find_orders() - start),
                    # Stock Odoo reserves for the merged order while those it is made
                    # of still hold theirs, and then lets go of that: deliveries get it.
                    "freed": {"merge", "move"} <= done,
                    **get_outcome(world, start, done),
                }
            )
        return outcomes


def _is_given_back_twice(outcome):
    """Whether an unbuild of stock Odoo gives a serial number back a second time."""
    if "has already been assigned" in outcome.get("refused", ""):
        return True
    net = defaultdict(float)
    for key, quantity in outcome["moved"].items():
        product, place, lot, *_others, destination = key
        if lot and COMPONENTS.get(product, ("", "", ""))[2] == "serial":
            back = place.lower() == "production"
            taken = destination.lower().endswith("production")
            net[product, lot] += quantity * (back - taken)
    return any(quantity > 1e-4 for quantity in net.values())


def _is_made_twice(stock, ours):
    """Whether stock Odoo made all of an order by each of its moves."""
    return any(
        theirs[0] == "done" and theirs[2] > theirs[1] >= own[2]
        for theirs, own in zip(stock["orders"], ours["orders"], strict=False)
    )


def _lacks_numbers(stock, ours):
    """Whether stock Odoo asks for serial numbers that a posting chooses by itself."""
    asked = "need to supply a Lot/Serial" in stock.get("refused", "")
    return asked and not ours.get("refused")


def is_lacking(world, orders):
    """Whether a done order has taken too little of what has lots."""
    for line in world.lines:
        if COMPONENTS[line["product"]][2] == "none":
            continue
        for order in orders.filtered(lambda order: order.state == "done"):
            moves = order.move_raw_ids.filtered(
                lambda move: (
                    move.product_id.name == line["product"]  # noqa: B023 called here
                    and move.state == "done"
                )
            )
            made = order.product_uom_id._compute_quantity(
                order.qty_produced, order.product_id.uom_id
            )
            due = made * sum(
                float(other["quantity"])
                for other in world.lines
                if other["product"] == line["product"]
            )
            if sum(moves.mapped("quantity")) < due - 1e-4:
                return True
    return False


def get_outcome(world, start, done):
    """What a scenario led to, in words that do not depend on ids.

    :param start: orders that were there before
    :param done: names of the steps that were done
    """
    orders = world.find_orders() - start
    moves = (orders.move_raw_ids | orders.move_finished_ids).sudo()
    moves |= orders.unbuild_ids.sudo().produce_line_ids
    moves |= orders.unbuild_ids.sudo().consume_line_ids
    # A backorder, or an order that was merged, keeps what was reserved before, wherever
    # and whoever's it is; stock Odoo may reserve other pieces for it.
    keeps = "merge" in done or any(orders.mapped("backorder_sequence"))
    # A component takes what another line of it leaves as the order closes; stock Odoo
    # lets go of that once all has been taken.
    twice = [
        name
        for name, number in Counter(line["product"] for line in world.lines).items()
        if number > 1
    ]
    # What is unbuilt is its owner's again; stock Odoo takes it for the company's.
    ignores = "unbuild" in done
    moved, held = defaultdict(float), defaultdict(float)
    for line in moves.move_line_ids.filtered(lambda line: line.state == "done"):
        name = line.product_id.name
        key = (name, *_name_piece(line, keeps or name in twice, ignores))
        key += (line.location_dest_id.complete_name,)
        moved[key] += line.quantity_product_uom
    for quant in world.setup["stock.quant"].search([]):
        name = quant.product_id.name
        key = (name, *_name_piece(quant, keeps or name in twice, ignores))
        held[key] += quant.quantity
    return {
        "orders": [
            (order.state, order.product_qty, order.qty_produced) for order in orders
        ],
        "moved": _round(moved),
        "held": _round(held),
    }


def _name_piece(record, keeps, ignores):
    """Place, lot, package and owner of a line or quant.

    :param keeps: whether an order keeps what was reserved for others: then only the
        warehouse counts and, but of serial numbers, the lot
    :param ignores: whether it does not matter whose it is
    """
    place = record.location_id
    lot, package, owner = record.lot_id, record.package_id, record.owner_id
    if keeps:
        is_piece = record.product_id.tracking == "serial"
        lot = lot.name or "" if not is_piece else ""
        return place.warehouse_id.code or place.usage, lot, "", ""
    owner = "" if ignores else owner.name or ""
    return place.complete_name, lot.name or "", package.name or "", owner


def _round(totals):
    return {key: round(value, 4) for key, value in sorted(totals.items()) if value}
