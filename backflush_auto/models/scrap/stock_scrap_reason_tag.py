from odoo import api, models

from ...errors import refuse


class StockScrapReasonTag(models.Model):
    _inherit = "stock.scrap.reason.tag"

    @api.model
    def _find_backflush_reason(self, name, make=True):
        """The scrap reason of a name; made where a manager names a new one.

        :param name: may be empty: no reason
        :param make: whether it may be made
        :raises UserError: where there is none of this name
        """
        found = self.search([("name", "=", name)], limit=1) if name else self.browse()
        if found or not name:
            return found
        if self.env.user.has_group("mrp.group_mrp_manager"):
            return self.create({"name": name}) if make else found
        raise refuse(
            self.env._(
                "reason: there is no scrap reason %(name)s. A manufacturing "
                "administrator can add it.",
                name=name,
            ),
            "not_found",
            field="reason",
        )
