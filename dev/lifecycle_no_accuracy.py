"""For `odoo shell`: the addon works without the analysis of accuracy."""


def check(env):
    ids = env["ir.model.data"].search([("module", "=", "backflush_auto_accuracy")])
    assert not ids, ids.mapped("name")
    assert "mrp.backflush.variance" not in env
    filters = env["ir.filters"].with_context(active_test=False)
    assert not filters.search([("model_id", "=", "mrp.backflush.variance")])
    env.cr.execute(
        "SELECT indexname FROM pg_indexes WHERE indexname LIKE %s",
        ["%backflush_component_idx"],
    )
    assert not env.cr.fetchall()
    env["mrp.bom"].get_views([(False, "form"), (False, "list")])
    bom = env["mrp.bom"].search([("backflush", "=", True)], limit=1)
    order = env["mrp.production"].create({"bom_id": bom.id, "product_qty": 1})
    order.action_confirm()
    order.button_mark_done()
    assert order.backflush_count == 1


check(env)  # noqa: F821
