"""The numbers of docs/configuration.md, on the factory of the demo data.

Nothing is kept: the shell rolls its transaction back.
"""
# ruff: noqa: F821  (the shell defines env)

from odoo.exceptions import UserError

env = env(user=env.ref("base.user_admin"))
company = env.company
stock = env.ref("stock.stock_location_stock")


def ref(name):
    return env.ref(f"backflush_auto.{name}")


def show(title, found, expected):
    """Print a number of the document; the run fails where it is another."""
    print(f"{title:56}{found}")
    assert found == expected, f"{title}: {found}, and not {expected}"


def order_of(name, quantity, product=None, confirm=True):
    bom = ref(f"bom_{name}")
    order = env["mrp.production"].create(
        {
            "product_id": (product or bom.product_tmpl_id.product_variant_id).id,
            "bom_id": bom.id,
            "product_qty": quantity,
        }
    )
    if confirm:
        order.action_confirm()
    return order


def component(order, name):
    product = ref(f"product_{name}")
    return order.move_raw_ids.filtered(lambda move: move.product_id == product)[:1]


def planned(order, name):
    move = component(order, name)
    return f"{move.product_uom_qty:g} {move.product_uom.name}"


def taken(posting):
    moves = posting.move_ids.filtered("raw_material_production_id")
    return ", ".join(f"{move.quantity:g} {move.product_id.name}" for move in moves)


def finish(order, operation):
    workorder = order.workorder_ids.filtered(lambda w: w.name == operation)
    workorder.button_start()
    workorder.button_finish()
    return workorder


def add(name, quantity, location=stock, **values):
    product = ref(f"product_{name}")
    env["stock.quant"]._update_available_quantity(product, location, quantity, **values)


def set_on_hand(name, quantity):
    product = ref(f"product_{name}")
    free = env["stock.quant"]._get_available_quantity(
        product, stock, allow_negative=True
    )
    if quantity != free:
        add(name, quantity - free)


for name, place in (
    ("oak_board", "saw_rack"),
    ("table_leg", "line_1"),
    ("screw", "line_1"),
    ("washer", "line_1"),
    ("primer", "paint_store"),
):
    add(name, 2000, ref(f"location_{place}"))
for name in ("veneer", "cleaning", "box", "panel", "handle"):
    add(name, 2000)

print("\nWhat 100 Oak Tables plan")
hundred = order_of("table", 100)
for title, name, expected in (
    ("Oak Board: 3 each, 5 % scrap", "oak_board", "315 Units"),
    ("Table Leg: 4 each", "table_leg", "400 Units"),
    ("Wood Screw: a kit of 8 each", "screw", "800 Units"),
    ("Veneer Sheet: 0.25 each, whole sheets", "veneer", "25 Units"),
    ("Varnish: 150 ml each", "varnish", "15000 ml"),
    ("Primer Drum: 0.1 each, whole drums", "primer", "10 Units"),
    ("Cleaning Kit: one per order", "cleaning", "1 Units"),
    ("Packaging Box: 1 each", "box", "100 Units"),
):
    show(title, planned(hundred, name), expected)
show("Wood Glue: bulk", hundred.backflush_bulk, "5.00 kg [BF-GLUE] Wood Glue")
show("components that are Wood Glue", len(component(hundred, "glue")), 0)

print("\nMethods: 20 Oak Tables")
twenty = order_of("table", 20)
twenty.action_start()
show("at the start", taken(twenty.backflush_ids), "2 Primer Drum")
finish(twenty, "Cut")
show("Cut is finished", taken(twenty.backflush_ids.sorted("id")[-1]), "63 Oak Board")
finish(twenty, "Sand")
show("postings after Sand, where nothing is consumed", len(twenty.backflush_ids), 2)
finish(twenty, "Assemble")
show(
    "Assemble is finished",
    taken(twenty.backflush_ids.sorted("id")[-1]),
    "80 Table Leg, 160 Wood Screw, 160 Washer",
)

print("\nScrap and rounding: 10 Oak Tables")
show(
    "boards: 30 + 5 % = 31.5, up",
    planned(order_of("table", 10), "oak_board"),
    "32 Units",
)
line = ref("bom_line_table_veneer")
for direction, expected in (("up", "3"), ("half-up", "3"), ("down", "2")):
    line.backflush_rounding_method = direction
    sheets = planned(order_of("table", 10, confirm=False), "veneer")
    show(f"sheets: 10 × 0.25 = 2.5, {direction}", sheets, f"{expected} Units")
line.backflush_rounding = 0
show("sheets without rounding", planned(order_of("table", 10), "veneer"), "2.5 Units")
line.write({"backflush_rounding": 1, "backflush_rounding_method": "up"})

print("\nParts: 5 Oak Tables, reported 1 + 1 + 1 + 1 + 1")
five = order_of("table", 5)
add("varnish", 100, ref("location_paint_store"), lot_id=ref("lot_varnish_new"))
sheets, boards, kits = [], [], []
for _part in range(5):
    result = five.backflush_post(quantity=1)
    for names, product in (
        (sheets, "veneer"),
        (boards, "oak_board"),
        (kits, "cleaning"),
    ):
        wanted = ref(f"product_{product}").id
        names.append(
            sum(
                c["consumed"] for c in result["components"] if c["product_id"] == wanted
            )
        )
show("sheets", " + ".join(f"{n:g}" for n in sheets), "1 + 0 + 0 + 0 + 1")
show("boards", " + ".join(f"{n:g}" for n in boards), "4 + 3 + 3 + 3 + 3")
show("cleaning kits", " + ".join(f"{n:g}" for n in kits), "1 + 0 + 0 + 0 + 0")

print("\nVariants: 7 Side Tables")
side = ref("product_side_table").product_variant_ids
for label, expected in (
    (
        "40 cm, White",
        "7 Side Table Top 40 cm, 28 Short Leg, 3 Veneer Sheet, 1400 White Paint, "
        "7 Packaging Box",
    ),
    (
        "60 cm, Natural",
        "7 Side Table Top 60 cm, 28 Short Leg, 3 Veneer Sheet, 7 Packaging Box",
    ),
):
    variant = side.filtered(lambda v, label=label: label in v.display_name)
    order = order_of("side_table", 7, variant)
    found = ", ".join(
        f"{m.product_uom_qty:g} {m.product_id.name}" for m in order.move_raw_ids
    )
    show(label, found, expected)

print("\nTake from")
ten = order_of("table", 10)
for title, name, expected in (
    ("Oak Board: the work center Saw says so", "oak_board", "WH/Saw Rack"),
    ("Wood Screw in a kit: the work center Assembly Line 1", "screw", "WH/Line 1"),
    ("Varnish: its line says so", "varnish", "WH/Paint Store"),
    ("Veneer Sheet: nobody does, so the order", "veneer", "WH/Stock"),
):
    show(title, component(ten, name).location_id.display_name, expected)

print("\nShortage: 30 Drawers for 20 Cabinets, 20 Lamp Bases for 25 Desk Lamps")
set_on_hand("drawer", 30)
cabinets = order_of("cabinet", 20)
[drawer] = [
    c for c in cabinets.backflush_preview()["components"] if "Drawer" in c["product"]
]
show(
    "Drawers needed, free, missing",
    [drawer[k] for k in ("expected", "free", "shortage")],
    [40.0, 30.0, 10.0],
)
try:
    with env.cr.savepoint():
        cabinets.button_mark_done()
    refused = False
except UserError as error:
    refused = "40.00 Units needed, 30.00 free in WH/Stock, 10.00 missing" in str(error)
show("Refuse the production: refused", refused, True)
set_on_hand("lamp_base", 20)
set_on_hand("cable", 100)
lamps = order_of("lamp", 25)
add("led", 50, lot_id=ref("lot_led_new"))
lamps.lot_producing_ids = env["stock.lot"].create(
    {"name": "LAMP-DOC", "product_id": lamps.product_id.id}
)
lamps.button_mark_done()
bases = ref("product_lamp_base").with_context(location=stock.id).qty_available
show("Post into negative stock: Lamp Bases on hand", bases, -5.0)

print("\nReservation: Table Legs reserved by the confirmation of 10 Oak Tables")
show("off", component(ten, "table_leg").quantity, 0.0)
company.backflush_reserve = True
show("on", component(order_of("table", 10), "table_leg").quantity, 40.0)
company.backflush_reserve = False

print("\nSerial numbers: 2 Cabinets whose locks are not reserved")
set_on_hand("drawer", 50)
for number in range(901, 911):
    lock = env["stock.lot"].create(
        {"name": f"LOCK-{number}", "product_id": ref("product_lock").id}
    )
    env["stock.quant"]._update_available_quantity(
        lock.product_id, stock, 1, lot_id=lock
    )
for choose, expected in ((False, "refused"), (True, "2 locks taken")):
    company.backflush_serial_auto = choose
    pair = order_of("cabinet", 2)
    pair.do_unreserve()
    try:
        with env.cr.savepoint():
            pair.backflush_post()
        found = f"{component(pair, 'lock').quantity:g} locks taken"
    except UserError:
        found = "refused"
    show(f"Choose Serial Numbers {'on' if choose else 'off'}", found, expected)
company.backflush_serial_auto = False

print("\nManual: 4 Cabinets, 4 Door Handles each")
four = order_of("cabinet", 4)
show("planned", planned(four, "handle"), "16 Units")
result = four.backflush_post()
found = {c["product"]: c["consumed"] for c in result["components"]}
show("taken where nobody has recorded any", found["[BF-HANDLE] Door Handle"], 0.0)

print("\nAn order of its own: 50 instead of 40 Table Legs for 10 Oak Tables")
edited = order_of("table", 10)
component(edited, "table_leg").product_uom_qty = 50
found = {c["product"]: c["expected"] for c in edited.backflush_preview(4)["components"]}
show("Table Legs for 4 of them", found["[BF-LEG] Table Leg"], 20.0)
show("Oak Boards for 4 of them: 12 + 5 %, up", found["[BF-OAK] Oak Board"], 13.0)
component(edited, "table_leg").backflush_scrap = 10
found = planned(edited, "table_leg")
show("Table Legs planned with 10 % scrap on the order", found, "55 Units")

print("\nReport Production: 4 of 10 Oak Tables, 15 boards entered")
entered = order_of("table", 10)
board = {"product_id": ref("product_oak_board").id, "quantity": 15}
first = entered.backflush_post(quantity=4, components=[board])
rest = entered.backflush_post(quantity=6)
for title, result, expected in (
    ("the first 4: expected, consumed, variance", first, [13.0, 15.0, 2.0]),
    ("the other 6: expected, consumed, variance", rest, [19.0, 19.0, 0.0]),
):
    [boards] = [c for c in result["components"] if "Oak Board" in c["product"]]
    found = [boards[key] for key in ("expected", "consumed", "variance")]
    show(title, found, expected)
show("the order is", entered.state, "done")
