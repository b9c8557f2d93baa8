"""Components that others move, and those that are brought to an order."""

from .event import Skip
from .steps import draw_order, pick, step


def component_of(world, number):
    """The product of a line of the recipe."""
    lines = world.bom_lines
    product = lines[number % len(lines)].product_id
    if not product.is_storable:
        raise Skip
    return product


@step(
    6,
    lambda rng: {
        "component": rng.randrange(4),
        "quantity": rng.randint(1, 15),
        "way": rng.choice(("deliver", "transfer", "receive", "reserve")),
    },
)
def move(world, event, component, quantity, way):
    """A delivery, a transfer to the shelf, a receipt, a reservation."""
    product = component_of(world, component)
    if product.tracking != "none" and way == "receive":
        raise Skip
    env = world.setup
    customers = env.ref("stock.stock_location_customers")
    suppliers = env.ref("stock.stock_location_suppliers")
    source, target = {
        "deliver": (world.stock, customers),
        "transfer": (world.stock, world.shelf),
        "receive": (suppliers, world.stock),
        "reserve": (world.stock, customers),
    }[way]
    new = env["stock.move"].create(
        {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "product_uom": product.uom_id.id,
            "location_id": source.id,
            "location_dest_id": target.id,
        }
    )
    new._action_confirm()
    new._action_assign()
    if way != "reserve" and new.state in ("assigned", "partially_available"):
        new.picked = True
        new._action_done()


@step(3, lambda rng: {"component": rng.randrange(4), "quantity": rng.randint(0, 30)})
def count(world, event, component, quantity):
    """An inventory count of a component."""
    product = component_of(world, component)
    quants = world.setup["stock.quant"].search(
        [
            ("product_id", "=", product.id),
            ("location_id", "=", world.stock.id),
            ("owner_id", "=", False),
        ]
    )
    if not quants or product.tracking == "serial":
        raise Skip
    quant = quants[quantity % len(quants)].with_context(inventory_mode=True)
    quant.inventory_quantity = quantity
    quant.action_apply_inventory()


@step(5, draw_order)
def feed(world, event, order):
    """Finish an order that makes what another one needs."""
    children = world.find_children()
    if not children:
        raise Skip
    children[order % len(children)].button_mark_done()


@step(4, draw_order)
def bring(world, event, order):
    """Do the transfers that bring the components of an order."""
    order = pick(world, event, order)
    pickings = order.sudo().picking_ids.filtered(
        lambda picking: picking.state not in ("done", "cancel")
    )
    if not pickings:
        raise Skip
    pickings.action_assign()
    ready = pickings.filtered(lambda picking: picking.state == "assigned")
    if not ready:
        raise Skip
    ready.move_ids.picked = True
    ready.with_context(skip_backorder=True, cancel_backorder=False).button_validate()
