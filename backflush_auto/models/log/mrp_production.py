from odoo import models

from ...reporting.rpc import is_clicked, is_run_by_person

# What people click that ends in a posting by Odoo's own way.
ENTRIES = (
    "mrp.production.button_mark_done",
    "mrp.production.backorder.action_backflush_keep_open",
    "mrp.production.backorder.action_backorder",
    "mrp.production.backorder.action_close_mo",
    "mrp.consumption.warning.action_confirm",
    "mrp.consumption.warning.action_set_qty",
)
# What people click that ends in a posting at a work order.
WORKORDER_ENTRIES = (
    "mrp.workorder.button_finish",
    "mrp.backflush.finish.action_finish",
)


class MrpProduction(models.Model):
    """What a person is told of the postings that a click has made."""

    _inherit = "mrp.production"

    def _get_backflush_told(self, entries=ENTRIES):
        """The postings of these orders, where a person is told of new ones.

        :param entries: ``model.method`` that the person may have called
        :return: ``mrp.backflush``; None where nobody is told
        """
        if is_run_by_person() or any(map(is_clicked, entries)):
            return self.sudo().backflush_ids
        return None

    def _tell_backflush_posted(self, answer, known):
        """Let the web client say what was posted, and then do what it is told.

        :param answer: of what the person has called
        :param known: see :meth:`_get_backflush_told`, from before
        :return: action; the answer itself where there is nothing to tell
        """
        if known is None:
            return answer
        postings = (self.sudo().backflush_ids - known).with_env(self.env)
        if not postings:
            return answer
        next_action = answer if isinstance(answer, dict) else None
        if next_action and next_action.get("tag") == "backflush_posted":
            # A part of these orders was posted by themselves.
            next_action = next_action["params"]["next"]
        return postings.sorted("id")._prepare_backflush_notice(next_action)
