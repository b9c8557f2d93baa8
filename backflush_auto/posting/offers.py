"""What Odoo would reserve for a component where other addons have a say in it.

A posting reads the stock of many components at once, by Odoo's own conditions. Other
addons extend the methods by which Odoo finds and reserves stock: consigned goods stay
where they are, a component takes the lot that was meant for it, some is kept back.
Where one of these methods is extended, Odoo is asked for each component: it reserves,
with all that others add, and what it would write is kept here.
"""

from collections import defaultdict
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from ..engine.allocation import Place
from ..overridden import is_switched_off

# How Odoo finds the stock of a move, from the move to the quants.
RESERVATION = {
    "stock.move": (
        "_action_assign",
        "_update_reserved_quantity",
        "_update_reserved_quantity_vals",
        "_add_serial_move_line_to_vals_list",
        "_prepare_move_line_vals",
        "_get_available_quantity",
    ),
    "stock.quant": (
        "_get_reserve_quantity",
        "_get_available_quantity",
        "_gather",
        "_get_gather_domain",
        "_get_removal_strategy",
        "_get_removal_strategy_order",
        "_run_least_packages_removal_strategy_astar",
    ),
}
# A posting already does what these addons do with stock.
KNOWN = ("stock", "mrp", "product_expiry", "stock_picking_batch", "backflush_auto")
# The quantity that is asked for where nothing limits it.
ALL = 1e9

# By the cursor: a context could be forged, or lost on the way.
_dry_runs = WeakKeyDictionary()


def is_reservation_extended(env):
    """Whether an addon that we do not know influences reservations."""
    methods = (
        (env[model], name, *KNOWN)
        for model, names in RESERVATION.items()
        for name in names
    )
    return is_switched_off("Reading the stock of many components", *methods)


def find_dry_run(records):
    """The dry run in which these records are used; None outside of one."""
    return _dry_runs.get(records.env.cr)


class DryRun:
    """Lets Odoo reserve for a component, and writes nothing.

    :param move: ``stock.move``, a component
    """

    def __init__(self, move):
        self.move = move
        # Other addons restrict in the context what Odoo may reserve.
        self.env = move.env
        self.offers = {}
        self.is_asked = False

    def ask(self, quantity):
        """Find what Odoo would reserve beside what the component holds already.

        :param quantity: in the component's unit
        :return: ``{Place: quantity in the product's unit}``, in the order in which it
            is taken
        """
        with self._run():
            self.move._action_assign(force_qty=quantity)
            if not self.is_asked:
                # Odoo did not look at stock, as the move waits for a supply of its own.
                self.move.with_env(self.env)._ask_backflush_stock()
        return self.offers

    @contextmanager
    def _run(self):
        cr = self.move.env.cr
        _dry_runs[cr] = self
        try:
            yield
        finally:
            _dry_runs.pop(cr, None)

    def is_of(self, records):
        """Whether these are the component itself, or lines of it."""
        moves = records if records._name == "stock.move" else records.move_id
        return moves == self.move

    def is_of_vals(self, vals_list):
        """Whether these are values of lines of the component."""
        return all(vals.get("move_id") == self.move.id for vals in vals_list)

    def add_all_vals(self, vals_list):
        """Keep lines that Odoo would create."""
        for vals in vals_list:
            self._add_vals(vals)

    def _add_vals(self, vals):
        place = Place(
            self.move.product_id.id,
            *(
                vals.get(name) or 0
                for name in ("location_id", "lot_id", "package_id", "owner_id")
            ),
        )
        unit = self.move.env["uom.uom"].browse(vals["product_uom_id"])
        self._add(place, vals.get("quantity", 0.0), unit)

    def add_more(self, line, vals):
        """Keep what Odoo would add to a line of the component."""
        if "quantity" in vals:
            place = line._get_backflush_place()
            more = vals["quantity"] - line.quantity
            self._add(place, more, line.product_uom_id)

    def _add(self, place, quantity, unit):
        quantity = unit._compute_quantity(
            quantity, self.move.product_id.uom_id, round=False
        )
        self.offers[place] = self.offers.get(place, 0.0) + quantity


def read_offers(demands, reach=None):
    """Ask Odoo what each of these demands may take; its places and limits are set.

    :param demands: list of :class:`.Demand` of
        components that are kept in stock
    :param reach: ``{product id: quantity}`` beyond which nothing is read, in its unit
    :return: ``{quant id: (Place, quantity)}``, which all of them share
    """
    shared = {}
    for demand in demands:
        offers = _find_offers(demand, reach)
        demand.limits = dict(offers)
        for claim in demand.claims:
            held = demand.limits.get(claim.place, 0.0)
            demand.limits[claim.place] = held + claim.quantity
        demand.places = list(demand.limits)
        for place, offer in offers.items():
            shared[place] = max(offer, shared.get(place, 0.0))
    return _read_quants(demands, shared)


def _find_offers(demand, reach):
    if reach and not demand.quantity:
        return {}
    move = demand.key
    quants = move.env["stock.quant"]
    strategy = quants._get_removal_strategy(move.product_id, move.location_id)
    # More of what a component holds is taken first, wherever that is in the order.
    quantity = None if demand.claims else reach and reach[demand.product_id]
    if not quantity and strategy == "least_packages":
        # Odoo optimizes packages for a given quantity, so ask for that one only.
        quantity = demand.quantity or 1.0
    return move._get_backflush_offers(quantity)


def _read_quants(demands, shared):
    """The quants of places, each place with what is offered of it."""
    if not shared:
        return {}
    quants = demands[0].key.env["stock.quant"]
    read = quants._get_backflush_claimed(list(shared))
    free = defaultdict(float)
    for place, quantity in read.values():
        free[place] += quantity
    left = {place: min(free[place], offer) for place, offer in shared.items()}
    # Of several quants of one place, the first stands for all.
    return {key: (place, left.pop(place, 0.0)) for key, (place, _free) in read.items()}
