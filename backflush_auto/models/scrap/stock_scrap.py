"""All that knows how Odoo records scrap: ``stock.scrap``, and its moves."""

from odoo import api, models

from ...context import with_private
from ...engine.due import Failure
from ...errors import refuse


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    @api.model
    def _post_backflush(self, vals_list):
        """Record what a posting says has failed, and move it to the scrap location.

        :param vals_list: values of the records
        :return: the records, done
        """
        scraps = with_private(self, record=True).create(vals_list)
        scraps.do_scrap()
        return scraps.with_env(self.env)

    def _get_backflush_failure(self):
        """What failed, as the engine counts it.

        :return: :class:`.Failure`
        """
        self.ensure_one()
        quantity, make_up = self.backflush_qty, self.backflush_make_up
        if self.workorder_id:
            return self.workorder_id._make_backflush_failure(quantity, make_up)
        return Failure(quantity, make_up=make_up)


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
