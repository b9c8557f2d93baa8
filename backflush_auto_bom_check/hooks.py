from odoo.exceptions import UserError


def pre_init_hook(env):
    """Refuse the installation beside a core that still has the check.

    :raises UserError: the upgrade of the core hands the findings over
    """
    if env.ref("backflush_auto.model_mrp_backflush_finding", raise_if_not_found=False):
        raise UserError(
            env._(
                "Upgrade Automatic Backflushing instead: that installs this addon and "
                "keeps the findings."
            )
        )


def uninstall_hook(env):
    """Bills of materials have no activities without this addon: remove them."""
    activities = env["mail.activity"].with_context(active_test=False)
    activities.search([("res_model", "=", "mrp.bom")]).unlink()
