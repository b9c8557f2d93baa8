"""What all rules need."""

SMALL = 1e-4
# Steps that post components.
POSTING = (
    *("report", "batch", "orderless", "operation", "work"),
    *("scrap", "fail", "discard"),
)


class Broken(Exception):
    """A rule does not hold.

    :param rule: its name
    """

    def __init__(self, rule, message):
        super().__init__(f"{rule}: {message}")
        self.rule = rule


class Checks:
    """Rules about one matter: each is a method, named in ``RULES``.

    :param world: :class:`.world.World`
    :param oracle: :class:`.oracle.Oracle`
    :param start: :class:`.snapshot.Snapshot` before the first step
    """

    RULES = ()

    def __init__(self, world, oracle, start):
        self.world = world
        self.oracle = oracle
        self.start = start.holdings()
        # other tests may have committed postings of their own
        self.moved_before = start.moved()
        locations = world.setup["stock.location"].with_context(active_test=False)
        locations = locations.search([])
        self.kept = set(
            locations.filtered(lambda place: place.usage in ("internal", "transit")).ids
        )
        self.inside = set(locations.filtered(lambda p: p.usage == "internal").ids)
        products = world.setup["product.product"].with_context(active_test=False)
        self.storable = set(products.search([("is_storable", "=", True)]).ids)
        self.tracked = set(products.search([("tracking", "!=", "none")]).ids)
        self.serials = set(products.search([("tracking", "=", "serial")]).ids)

    def check(self, event, before, after):
        """Apply the rules to a step.

        :raises Broken: by the first that does not hold
        """
        for rule in self.RULES:
            getattr(self, rule)(event, before, after)

    def _expect(self, rule, good, message, *values):
        if not good:
            raise Broken(rule, message % values if values else message)

    def _get_family_orders(self, event):
        mine = {*event.orders}
        for order in event.orders:
            if order in self.oracle.families:
                mine |= self.oracle.families[order].orders
        return mine

    def _get_family_moves(self, event, snapshot):
        """The moves of the family, and those that bring its components."""
        orders = self._get_family_orders(event)
        mine = {
            number
            for number, move in snapshot.stock_move.items()
            if {move.raw_material_production_id, move.production_id} & orders
        }
        return mine | {before for before, after in snapshot.chains if after in mine}

    def _get_entered(self, order):
        return self.oracle.families[order].entered | self.oracle.families[order].unruly

    def _was_done(self, move, before):
        return move in before.stock_move and before.stock_move[move].state == "done"

    def _is_off(self, event, before):
        return any(
            order in before.mrp_production
            and not before.mrp_production[order].backflush
            for order in event.orders
        )

    def _unit(self, move):
        product = self.world.setup["product.product"].browse(move.product_id)
        unit = self.world.setup["uom.uom"].browse(move.product_uom)
        return unit._compute_quantity(1, product.uom_id, round=False)

    def _slot(self, line):
        slot = self.oracle.slots.get(line)
        return (
            f"{slot.product} (line {line}, {slot.method})" if slot else f"line {line}"
        )

    def _line(self, snapshot, move):
        return self._slot(snapshot.stock_move[move].bom_line_id)

    def _name(self, key):
        product, location, lot, package, owner = key
        env = self.world.setup
        place = env["stock.location"].browse(location).complete_name
        name = f"{env['product.product'].browse(product).name} in {place}"
        return f"{name}, lot {lot}, package {package}, owner {owner}"
