from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Let postings see what was scrapped of their goods before."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    domain = [
        ("state", "=", "done"),
        ("production_id.backflush", "=", True),
        ("backflush_id", "=", False),
        ("backflush_made_ids", "=", False),
    ]
    scraps = env["stock.scrap"].search(domain, order="id")
    _components, made = scraps._filter_backflush_button()
    made._record_backflush_made()
