"""A scenario that is set up: what a side does in it, and what is then to be seen."""

from collections import Counter
from functools import partial

from bench import measure, sides, stage

from .shop import Shop


class Scene:
    """What a scenario has set up, ready to be played by every side.

    :param env: the superuser's
    :param scenario: function of a `Shop`
    """

    def __init__(self, env, scenario):
        self.env = env
        self.shop = Shop(env)
        scenario(self.shop)
        self.stage = stage.Stage(
            self.shop.user.id,
            None,
            self.shop.boms.ids,
            self.shop.picking_types.ids,
            stage.read_numbers(env.cr),
        )

    def play(self, side):
        """Let a side play it.

        :return: `Written`, and what is seen of that which is expected
        """
        with measure.play(self.env, self.shop, side, self.stage, Steps) as played:
            _run, recorder = played
            written = recorder.read()
            seen = Seen(self.shop, written)
            return written, {name: getattr(seen, name) for name in self.shop.expected}


class Steps(sides.Orders):
    """The orders of a shop, and what happens to them before they are completed."""

    def get_requests(self):
        """A request for each step."""
        *before, complete = super().get_requests()
        steps = [("step", partial(self._do, step)) for step in self.case.steps]
        return [*before, *steps, complete]

    def _do(self, step):
        step(self.orders)

    def complete(self):
        """As the scenario says."""
        self.case.complete(self.orders)

    def prepare_vals(self):
        """Each with a recipe and a quantity of its own."""
        return [dict(vals) for vals in self.case.orders]

    @property
    def number(self):
        """How many orders."""
        return len(self.case.orders)


class Seen:
    """What a side has done, as far as it is expected, see `Shop.expect`.

    :param written: `Written`
    """

    def __init__(self, shop, written):
        self.shop = shop
        self.written = written

    @property
    def taken(self):
        """What was consumed."""
        return self._add_up_lines("raw_material_production_id")

    @property
    def made(self):
        """What was produced."""
        return self._add_up_lines("production_id")

    @property
    def values(self):
        """What was produced is worth."""
        names = self.shop.expected["values"]
        moves = self._browse("stock.move").filtered("production_id")
        told = {move.product_id.name: move.value for move in moves}
        return {name: told.get(name) for name in names}

    @property
    def left(self):
        """What is in stock."""
        told = _add_up(self._quants.grouped(self._tell), "quantity")
        return {name: told.get(name, 0) for name in self.shop.expected["left"]}

    @property
    def quants(self):
        """What is in stock, of each quant."""
        told = self._quants.grouped(self._tell)
        names = self.shop.expected["quants"]
        return {name: sorted(told[name].mapped("quantity")) for name in names}

    @property
    def rows(self):
        """How many rows were written."""
        new, changed = (
            Counter({table: len(rows) for table, rows in rows_of.items()})
            for rows_of in (self.written.rows, self.written.changed)
        )
        return {
            table: new[table] + changed[table] for table in self.shop.expected["rows"]
        }

    @property
    def _quants(self):
        domain = [
            ("location_id.usage", "=", "internal"),
            ("product_id", "not in", self.shop.old_products.ids),
        ]
        return self.shop.env["stock.quant"].search(domain)

    def _add_up_lines(self, order_field):
        lines = self._browse("stock.move.line").filtered(
            lambda line: line.state == "done" and line.move_id[order_field]
        )
        return _add_up(lines.grouped(self._tell), "quantity_product_uom")

    def _browse(self, model):
        """The new records of a model."""
        records = self.shop.env[model]
        return records.browse(row["id"] for row in self.written.rows[records._table])

    def _tell(self, record):
        places = record.lot_id, record.package_id, record.owner_id
        names = [record.product_id.name, *(place.name for place in places if place)]
        location = record.location_id
        if location.usage == "internal" and location != self.shop.stock:
            names.append(location.name)
        return " ".join(names)


def _add_up(groups, field):
    return {name: round(sum(group.mapped(field)), 6) for name, group in groups.items()}
