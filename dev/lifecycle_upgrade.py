"""For `odoo shell`: an upgrade from before the BoM check was an addon of its own, or
what makes the core fast.

The first run makes the database look like one of that version. The second one, after
the upgrade, finds everything as it was.
"""

import json

from odoo.tools import SQL

CORE, CHECK = "backflush_auto", "backflush_auto_bom_check"
SPEED = "backflush_auto_speed"
BEFORE = "19.0.1.5.0"
PARAMETER = "lifecycle.kept"
KEPT = {
    "findings": "SELECT * FROM mrp_backflush_finding ORDER BY id",
    "scheduled check": """
        SELECT id, active, interval_number, interval_type, nextcall
          FROM ir_cron WHERE cron_name ILIKE 'backflush%' ORDER BY id""",
    "activities": """
        SELECT id, res_id, user_id, note, activity_type_id
          FROM mail_activity WHERE res_model = 'mrp.bom' ORDER BY id""",
    "type of activity": "SELECT id, name, icon FROM mail_activity_type ORDER BY id",
    "filters": "SELECT id, name, domain, action_id FROM ir_filters ORDER BY id",
    "responsible": "SELECT id, backflush_responsible_id FROM mrp_bom ORDER BY id",
    "parameters": """
        SELECT id, key, value FROM ir_config_parameter
         WHERE key LIKE 'backflush%' ORDER BY id""",
    "menus": "SELECT id, name, action FROM ir_ui_menu ORDER BY id",
    "external ids": """
        SELECT module, name, model, res_id, noupdate
          FROM ir_model_data WHERE module LIKE 'backflush_auto%' ORDER BY 1, 2""",
    "constraints": """
        SELECT known.name, addon.name
          FROM ir_model_constraint AS known
          JOIN ir_module_module AS addon ON addon.id = known.module
         WHERE addon.name LIKE 'backflush_auto%' ORDER BY 1""",
    "relations": """
        SELECT known.name, addon.name
          FROM ir_model_relation AS known
          JOIN ir_module_module AS addon ON addon.id = known.module
         WHERE addon.name LIKE 'backflush_auto%' ORDER BY 1""",
    "addons": """
        SELECT name, state, latest_version
          FROM ir_module_module WHERE name LIKE 'backflush_auto%' ORDER BY 1""",
}


def run(env):
    parameters = env["ir.config_parameter"]
    kept = parameters.get_param(PARAMETER)
    if kept:
        compare(json.loads(kept), read(env))
        parameters.set_param(PARAMETER, False)
    else:
        change(env)
        parameters.set_param(PARAMETER, json.dumps(read(env)))
        age(env)
    env.cr.commit()


def change(env):
    """Change what users may change, so that an upgrade could take it back."""
    findings = env["mrp.backflush.finding"].search([])
    assert findings
    findings[0].action_ignore()
    env.ref(f"{CHECK}.ir_cron_check_backflush").write(
        {"active": False, "interval_number": 7, "nextcall": "2040-01-02 03:04:05"}
    )
    env.ref(f"{CHECK}.bom_check_cursor").value = "1"
    env.ref(f"{CHECK}.mail_activity_type_bom_check").icon = "fa-bug"
    env["ir.filters"].create(
        {
            "name": "Lifecycle",
            "model_id": findings._name,
            "action_id": env.ref(f"{CHECK}.mrp_backflush_finding_action").id,
            "domain": "[('state', '=', 'ignored')]",
        }
    )


def age(env):
    """Give everything back to the core, as if there were no addon of the check."""
    core, check = (
        env["ir.module.module"].search([("name", "=", name)]).id
        for name in (CORE, CHECK)
    )
    execute = env.cr.execute
    execute(
        "DELETE FROM ir_model_data AS own USING ir_model_data AS core"
        " WHERE own.module = %s AND core.module = %s AND core.name = own.name",
        [CHECK, CORE],
    )
    execute(
        "UPDATE ir_model_data SET module = %s WHERE module = %s",
        [CORE, CHECK],
    )
    for table in ("ir_model_constraint", "ir_model_relation"):
        execute(
            SQL(
                "UPDATE %s SET module = %s WHERE module = %s",
                SQL.identifier(table),
                core,
                check,
            )
        )
    execute("DELETE FROM ir_model_data WHERE module = %s", [SPEED])
    execute(
        "UPDATE ir_module_module SET state = 'uninstalled', latest_version = NULL"
        " WHERE name IN %s",
        [(CHECK, SPEED)],
    )
    execute(
        "UPDATE ir_module_module SET latest_version = %s WHERE id = %s", [BEFORE, core]
    )


def read(env):
    env.flush_all()
    result = {}
    for name, query in KEPT.items():
        env.cr.execute(query)
        result[name] = [list(map(str, row)) for row in env.cr.fetchall()]
    return result


def compare(before, after):
    for name, rows in before.items():
        lost = [row for row in rows if row not in after[name]]
        new = [row for row in after[name] if row not in rows]
        assert not lost and not new, (name, lost, new)


run(env)  # noqa: F821
