"""What is measured: how many orders, of how many components, with which stock."""

from dataclasses import dataclass, replace

PLAIN = ("mrp",)
COSTED = ("mrp", "mrp_account")


@dataclass(frozen=True)
class Case:
    """The same orders for every side.

    :param flow: how they are produced: ``orders`` (create, confirm and complete them
        together), ``batch`` (reports without an order, in one call), ``parts`` (one
        order, reported piece by piece), ``operations`` (orders whose work is reported
        first), ``dialog`` (orders that a person looks at first), ``debts`` (orders
        whose components come afterwards), ``clients`` (over a live server)
    :param orders: how many orders, or reports
    :param components: of each order; none is shared within an order
    :param lots: of each component in stock; 0 = not tracked
    :param cost: cost method of the components; empty without `mrp_account`
    :param receipts: of each component, where their cost counts
    :param operations: of the recipe, each a work order; the components are consumed at
        the completion all the same
    :param clients: how many at the same time, one number after the other
    :param block: whether a shortage refuses the production, with stock for 70 %
    :param most_repeats: for those that take minutes
    """

    name: str
    title: str
    orders: int
    components: int
    flow: str = "orders"
    lots: int = 0
    cost: str = ""
    receipts: int = 0
    operations: int = 0
    clients: tuple = (1, 2, 4)
    block: bool = False
    most_repeats: int = 100

    @property
    def modules(self):
        """What its database has installed, besides the addon."""
        return COSTED if self.cost else PLAIN

    def shrink(self):
        """The same with few orders, to warm up."""
        return replace(self, orders=min(self.orders, 2))


def _plain(orders, components, **more):
    return Case(
        f"{orders}x{components}",
        f"{orders} × {components}",
        orders=orders,
        components=components,
        **more,
    )


def _lots(number):
    title = f"10 × 5, {number} lots a component"
    return Case(f"lots-{number}", title, orders=10, components=5, lots=number)


def _dialog(lots):
    title = f"3 × 5, {lots} lots a component, in the dialog"
    return Case(f"dialog-{lots}", title, 3, 5, "dialog", lots=lots)


def _debts(orders, **more):
    title = f"{orders} × 1, received afterwards"
    return Case(f"debts-{orders}", title, orders, 1, "debts", **more)


def _cost(method, title):
    return Case(
        f"cost-{method}",
        f"10 × 20, {title} cost, 20 receipts a component",
        orders=10,
        components=20,
        cost=method,
        receipts=20,
    )


ALL = (
    _plain(1, 10),
    _plain(1, 20),
    _plain(1, 100),
    _plain(20, 50),
    _plain(100, 10),
    _plain(300, 10, most_repeats=2),
    _lots(100),
    _lots(5000),
    _cost("standard", "standard"),
    _cost("average", "average"),
    _cost("fifo", "FIFO"),
    Case("workorders", "20 × 10, 3 work orders each", 20, 10, operations=3),
    Case(
        "operations",
        "100 × 10, reported at a work order",
        *(100, 10, "operations"),
        operations=1,
    ),
    _dialog(10),
    _dialog(5000),
    _debts(10),
    _debts(100),
    _debts(1000, most_repeats=1),
    Case("parts", "1 × 10, reported in 100 parts", 100, 10, "parts"),
    Case(
        "batch", "1000 × 10, reports without order", 1000, 10, "batch", most_repeats=1
    ),
    Case("clients", "clients who share 10 components", 40, 10, "clients"),
    Case(
        "clients-block",
        "clients who share the last of 10 components",
        *(40, 10, "clients"),
        block=True,
    ),
)
BY_NAME = {case.name: case for case in ALL}
# what a run of less than three minutes has time for
QUICK = (
    BY_NAME["1x20"],
    _plain(10, 10),
    replace(_lots(1000), orders=5, title="5 × 5, 1000 lots a component"),
    replace(BY_NAME["parts"], orders=3, title="1 × 10, reported in 3 parts"),
    replace(BY_NAME["batch"], orders=10, title="10 × 10, reports without order"),
    replace(BY_NAME["clients"], orders=8, clients=(4,), most_repeats=1),
)
REPEATS, QUICK_REPEATS = 3, 2
