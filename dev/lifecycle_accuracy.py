"""For `odoo shell`: the analysis of accuracy knows what was posted before it came."""


def use(env):
    rows = env["mrp.backflush.variance"].search([])
    posted = env["stock.move"].search_count(
        [("backflush_id", "!=", False), ("raw_material_production_id", "!=", False)]
    )
    assert rows and len(rows) == posted, (len(rows), posted)


use(env)  # noqa: F821
