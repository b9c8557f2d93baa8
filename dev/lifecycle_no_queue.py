"""For `odoo shell`: the addon works without the queue, which has none of its jobs."""


def check(env):
    ids = env["ir.model.data"].search([("module", "=", "backflush_auto_queue")])
    assert not ids, ids.mapped("name")
    assert "mrp.backflush.submitted" not in env
    assert not hasattr(env["mrp.production"], "backflush_submit")
    jobs = env["queue.job"].search([("model_name", "like", "backflush")])
    assert not jobs, jobs.mapped("name")
    assert not env["queue.job.channel"].search([("name", "=", "backflush")])
    env["mrp.workcenter"].get_views([(False, "form")])
    bom = env["mrp.bom"].search([("backflush", "=", True)], limit=1)
    order = env["mrp.production"].create({"bom_id": bom.id, "product_qty": 1})
    order.action_confirm()
    order.button_mark_done()
    assert order.backflush_count == 1


check(env)  # noqa: F821
