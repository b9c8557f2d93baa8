"""For `odoo shell`: the addon is used: one order is posted, one stays
open, of one a part is posted."""


def use(env):
    bom = env["mrp.bom"].search([], limit=1)
    bom.backflush = True
    stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
    for line in bom.bom_line_ids:
        env["stock.quant"]._update_available_quantity(line.product_id, stock, 100)
    product = bom.product_tmpl_id.product_variant_id
    orders = env["mrp.production"].create(
        [
            {"product_id": product.id, "product_qty": 5, "origin": "used"}
            for _number in range(3)
        ]
    )
    orders.action_confirm()
    orders[0].button_mark_done()
    assert orders[0].backflush_count == 1
    orders[2].backflush_post(quantity=2)
    assert orders[2].state == "progress"
    env.cr.commit()


use(env)  # noqa: F821
