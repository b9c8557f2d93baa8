"""For `odoo shell`: reports are accepted, and wait for jobs that nobody runs."""


def use(env):
    bom = env["mrp.bom"].search([("backflush", "=", True)], limit=1)
    report = {
        "product_id": bom.product_tmpl_id.product_variant_id.id,
        "quantity": 1,
        "reference": "lifecycle",
    }
    answer = env["mrp.production"].backflush_submit([report])
    assert answer["accepted"] == 1, answer
    [status] = env["mrp.production"].backflush_status(answer["job"])
    assert status["state"] == "waiting", status
    env.cr.commit()


use(env)  # noqa: F821
