"""Hand over what has become an addon of its own.

Odoo does not install a new addon with ``auto_install`` when an addon it depends on is
upgraded, and deletes what an upgraded addon does not define any more. So the external
ids are moved before that, and the new addon is marked as *to upgrade*: it is loaded in
the same run and, unlike an installation, an upgrade keeps what users have changed.
"""

from odoo.exceptions import UserError
from odoo.tools import SQL

CORE = "backflush_auto"
# Older than any version of a new addon, so that all its migrations run.
FORMER_VERSION = "19.0.0.0.0"
# For each new addon, regular expressions that match the names of its external ids,
# constraints, indexes and relation tables.
MOVED = {
    "backflush_auto_bom_check": (
        "mrp_backflush_finding",
        "^field_mrp_bom__backflush_(finding|responsible)_",
        "^mrp_bom_backflush_responsible_id_fkey$",
        "^field_mrp_bom__(my_)?activity_",
        "^model_inherit__mrp_bom__mail_activity_mixin$",
        "^mrp_bom_form_view_check$",
        "^action_bom_backflush_check$",
        "^ir_cron_check_backflush",
        "^bom_check_cursor$",
        "^mail_activity_type_bom_check$",
        "^(product|bom|bom_line)_stool",
    ),
    # No records of its own.
    "backflush_auto_speed": (),
}


def migrate(cr, version):
    """Move what MOVED names.

    :raises UserError: without the code of an addon, the upgrade would lose its data
    """
    for addon, patterns in MOVED.items():
        module_id = _select_for_upgrade(cr, addon)
        if not patterns:
            continue
        if not module_id:
            raise UserError(
                f"{CORE} needs the addon {addon}, which a part of it has moved to: put "
                "its folder into the addons path, and upgrade again."
            )
        pattern = "|".join(patterns)
        cr.execute(
            SQL(
                "UPDATE ir_model_data SET module = %s WHERE module = %s AND name ~ %s",
                addon,
                CORE,
                pattern,
            )
        )
        for table in ("ir_model_constraint", "ir_model_relation"):
            _move_schema(cr, table, module_id, pattern)


def _select_for_upgrade(cr, addon):
    """Let Odoo upgrade the addon in this run.

    :return: id of its module; None where its code is not there
    """
    cr.execute(
        SQL(
            """
            UPDATE ir_module_module AS module
               SET state = 'to upgrade', latest_version = %s, demo = core.demo
              FROM ir_module_module AS core
             WHERE module.name = %s AND module.state = 'uninstalled' AND core.name = %s
            """,
            FORMER_VERSION,
            addon,
            CORE,
        )
    )
    cr.execute(
        SQL(
            """
            SELECT id
              FROM ir_module_module
             WHERE name = %s AND state IN ('installed', 'to install', 'to upgrade')
            """,
            addon,
        )
    )
    row = cr.fetchone()
    return row and row[0]


def _move_schema(cr, table, module_id, pattern):
    cr.execute(
        SQL(
            """
            UPDATE %s AS known
               SET module = %s
              FROM ir_module_module AS core
             WHERE core.name = %s AND known.module = core.id AND known.name ~ %s
            """,
            SQL.identifier(table),
            module_id,
            CORE,
            pattern,
        )
    )
