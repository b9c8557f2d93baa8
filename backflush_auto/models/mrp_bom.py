from odoo import api, fields, models

from ..context import get_private
from ..finite import FiniteFloat
from .res_company import SHORTAGE_POLICIES


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    backflush = fields.Boolean(
        default=lambda self: self.env.company.backflush_default,
        help="Components leave stock by themselves when production is reported, in the "
        "quantity of this bill of materials for what was really produced. Orders that "
        "exist already keep their own setting.",
    )
    backflush_shortage = fields.Selection(
        SHORTAGE_POLICIES,
        string="Component Shortage",
        default=lambda self: self.env.company.backflush_shortage,
        required=True,
        help="What happens when production is reported and a component is short. "
        "Refuse the production: nothing is posted and the message names every short "
        "component. Post into negative stock: the production is posted all the same; a "
        "component tracked by lot or serial number is refused even then. Post, and "
        "take what is missing when it comes: the components take what is free, and owe "
        "the rest, which leaves stock by itself as soon as there is some.",
    )

    backflush_over_completion = FiniteFloat(
        "Over-Completion (%)",
        default=lambda self: self.env.company.backflush_over_completion,
        help="How much more than ordered can be reported, in per cent of the order. "
        "Beyond it, a strict bill of materials refuses the report, and one with a "
        "warning asks. 0: not checked.",
    )

    _backflush_over_completion_positive = models.Constraint(
        "CHECK (backflush_over_completion >= 0)",
        "An over-completion cannot be negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("company_id"):
                company = self.env["res.company"].browse(vals["company_id"]).sudo()
                vals.setdefault("backflush", company.backflush_default)
                vals.setdefault("backflush_shortage", company.backflush_shortage)
                vals.setdefault(
                    "backflush_over_completion", company.backflush_over_completion
                )
        return super().create(vals_list)

    def action_backflush_on(self):
        """Switch backflushing on for these bills of materials; kits are skipped.

        :return: notification of how many were switched
        """
        changed, kits = self._switch_backflush(True)
        message = self.env._(
            "Backflush switched on: %(count)s. Open orders stay as they are.",
            count=changed,
        )
        return self._notify_backflush(self._add_backflush_skipped(message, kits))

    def action_backflush_off(self):
        """Switch backflushing off for these bills of materials; kits are skipped.

        :return: notification of how many were switched
        """
        changed, kits = self._switch_backflush(False)
        message = self.env._(
            "Backflush switched off: %(count)s. Open orders stay as they are.",
            count=changed,
        )
        return self._notify_backflush(self._add_backflush_skipped(message, kits))

    def _switch_backflush(self, value):
        """Switch backflushing of all of these but kits, which nothing is made of.

        :return: how many were switched, and how many are kits
        """
        kits = self.filtered(lambda bom: bom.type == "phantom")
        changed = (self - kits).filtered(lambda bom: bom.backflush != value)
        (self - kits).write({"backflush": value})
        return len(changed), len(kits)

    def _add_backflush_skipped(self, message, kits):
        if not kits:
            return message
        skipped = self.env._("Kits skipped: %(count)s.", count=kits)
        return f"{message} {skipped}"

    def _notify_backflush(self, message, kind="success", **params):
        """Notification over the reloaded screen."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                **params,
                "message": message,
                "type": kind,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def explode(self, *args, **kwargs):
        # An order of this BoM collects the lines that it has components for.
        boms, lines = super().explode(*args, **kwargs)
        if get_private(self.env, "exploded_lines") is not None:
            lines = [
                (line, data)
                for line, data in lines
                if not line._is_backflush_bulk(data)
            ]
            self._collect_backflush_lines(lines)
        return boms, lines

    def _collect_backflush_lines(self, lines):
        """Keep what an explosion says of the components of an order.

        :param lines: list of ``(line, data)``
        """
        collected = get_private(self.env, "exploded_lines")
        if collected is not None:
            collected.extend(lines)
