"""What a posting lacks, for people and for programs."""

from collections import defaultdict

from odoo.tools.misc import formatLang

from ..errors import refuse


class Shortage:
    """What is missing for the components of some orders.

    :param env: for the language of the messages
    :param allocations: list of
        :class:`.Allocation`
    """

    def __init__(self, env, allocations):
        self.env = env
        self.groups = defaultdict(list)
        for allocation in allocations:
            demand = allocation.demand
            self.groups[demand.product_id, demand.location_id].append(allocation)

    def get_problem(self):
        """One exception for all that is missing; None where nothing is."""
        messages = [*self._get_shortage_messages(), *self._get_serial_messages()]
        if not messages:
            return self.get_piece_problem()
        short = self._list_components("short")
        components = short or self._list_components("unchosen")
        error = refuse(
            "\n\n".join(messages),
            "shortage" if short else "lot",
            components=components,
        )
        error.context["shortage_dialog"] = self._describe_dialog(short, components)
        return error

    def _describe_dialog(self, short, components):
        """What the web client shows with the message: plain values.

        :param short: whether something is missing, not only its serial numbers
        :param components: see :meth:`_list_components`
        """
        orders = self.env["mrp.production"].union(
            *(
                allocation.demand.key.raw_material_production_id
                for allocations in self.groups.values()
                for allocation in allocations
            )
        )
        return {
            "title": self.env._("Components Are Short")
            if short
            else self.env._("Serial Numbers Are Missing"),
            "order_ids": orders.ids,
            "product_ids": [component["product_id"] for component in components],
        }

    def get_piece_problem(self):
        """An exception for all of which a part of a serial number would be taken.

        None where only whole pieces are.
        """
        lines = [
            self.env._(
                "- %(product)s: %(needed)s %(unit)s (%(orders)s)",
                needed=self._format(sum(a.demand.quantity for a in broken)),
                **self._describe_component(broken),
            )
            for allocations in self.groups.values()
            if (broken := [a for a in allocations if _is_broken(a)])
        ]
        if not lines:
            return None
        title = self.env._(
            "Nothing was posted, because the reported quantity would take a part of a "
            "serial number. Report another quantity, round the component to whole "
            "units on the bill of materials, or enter what was really consumed:"
        )
        return refuse("\n".join([title, *lines]), field="quantity")

    def _find_lacking(self, lack):
        """The components of which something is missing.

        All that want a component are told together: each may have enough for itself.

        :param lack: the attribute of an allocation that says how much is missing
        :return: list of ``(allocations, needed, missing)``, one for each product and
            source location, the quantities in the product's unit
        """
        lacking = []
        for allocations in self.groups.values():
            missing = sum(getattr(allocation, lack) for allocation in allocations)
            if missing:
                needed = sum(a.demand.quantity for a in allocations)
                lacking.append((allocations, needed, missing))
        return lacking

    def _list_components(self, lack):
        components = []
        for allocations, needed, missing in self._find_lacking(lack):
            move = allocations[0].demand.key
            unit = move.product_id.uom_id
            components.append(
                {
                    "product_id": move.product_id.id,
                    "product": move.product_id.display_name,
                    "uom": unit.display_name,
                    "location": move.location_id.display_name,
                    "needed": unit.round(needed),
                    "free": unit.round(needed - missing),
                    "missing": unit.round(missing),
                }
            )
        return components

    def _get_shortage_messages(self):
        lines = self._describe("short", self._describe_shortage)
        if not lines:
            return []
        title = self.env._(
            "Nothing was posted, because these components are short. Receive or move "
            "them to the location named, correct the stock, or enter on the order what "
            "was really consumed:"
        )
        return ["\n".join([title, *lines, *self._describe_holders()])]

    def _describe_holders(self):
        """Which orders hold the serial numbers and lots that were asked for.

        :return: one line for each lot that is named and that others have reserved
        """
        moves = self.env["stock.move"].union(
            *(
                allocation.demand.key
                for allocations, *_numbers in self._find_lacking("short")
                for allocation in allocations
            )
        )
        lots = moves.move_line_ids.lot_id
        held = lots and self.env["stock.move.line"].search(
            [
                ("lot_id", "in", lots.ids),
                ("state", "in", ("assigned", "partially_available")),
                ("quantity", ">", 0),
                ("move_id", "not in", moves.ids),
                ("company_id", "in", moves.company_id.ids),
            ]
        )
        return [
            self.env._(
                "- %(lot)s is reserved by %(holder)s",
                lot=line.lot_id.name,
                holder=line.move_id.raw_material_production_id.name
                or line.picking_id.name
                or line.reference,
            )
            for line in held or ()
            if line.move_id.raw_material_production_id
            not in moves.raw_material_production_id
        ]

    def _get_serial_messages(self):
        lines = self._describe("unchosen", self._describe_unchosen)
        if not lines:
            return []
        title = self.env._(
            "Nothing was posted, because it is not known which serial numbers these "
            "components take. Reserve them with “Check availability”, or enter them in "
            "the details of the component:"
        )
        return ["\n".join([title, *lines])]

    def _describe(self, lack, describe):
        """One line for each product and source location of which something is missing.

        :param lack: the attribute of an allocation that says how much is missing
        :param describe: makes the line of what is needed and what is missing
        """
        return [describe(*found) for found in self._find_lacking(lack)]

    def _describe_shortage(self, allocations, needed, missing):
        return self.env._(
            "- %(product)s: %(needed)s %(unit)s needed, %(free)s free in %(location)s, "
            "%(missing)s missing (%(orders)s)",
            needed=self._format(needed),
            free=self._format(needed - missing),
            missing=self._format(missing),
            **self._describe_component(allocations),
        )

    def _describe_unchosen(self, allocations, needed, missing):
        return self.env._(
            "- %(product)s: %(needed)s %(unit)s needed, %(missing)s of them to be "
            "chosen from what is free in %(location)s (%(orders)s)",
            needed=self._format(needed),
            missing=self._format(missing),
            **self._describe_component(allocations),
        )

    def _describe_component(self, allocations):
        move = allocations[0].demand.key
        return {
            "product": move.product_id.display_name,
            "unit": move.product_id.uom_id.display_name,
            "location": move.location_id.display_name,
            "orders": self._describe_orders(allocations),
        }

    def _describe_orders(self, allocations):
        quantities = defaultdict(float)
        for allocation in allocations:
            order = allocation.demand.key.raw_material_production_id
            quantities[order] += allocation.demand.quantity
        return ", ".join(
            f"{order.name}: {self._format(quantity)}"
            for order, quantity in quantities.items()
        )

    def _format(self, quantity):
        return formatLang(self.env, quantity, dp="Product Unit")


def _is_broken(allocation):
    """Whether a part of a piece with a serial number would be taken."""
    move = allocation.demand.key
    if not allocation.demand.tracked or move.has_tracking != "serial":
        return False
    unit = move.product_id.uom_id
    quantities = [allocation.demand.quantity]
    quantities += [take.quantity for take in allocation.takes]
    return any(unit.compare(quantity, round(quantity)) for quantity in quantities)
