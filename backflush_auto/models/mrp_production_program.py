from odoo import models

from ..reporting.errors import refuse
from ..reporting.rpc import is_called_by_program, make_plain


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class MrpProduction(models.Model):
    """What *Produce* answers to a program.

    Odoo leads a person to a report, to a backorder or to a question. A program wants to
    know whether the orders are done, and XML-RPC cannot send all that Odoo answers: it
    would fail when everything is posted already.
    """

    _inherit = "mrp.production"

    def button_mark_done(self, *args, **kwargs):
        answer = super().button_mark_done(*args, **kwargs)
        if not is_called_by_program("mrp.production.button_mark_done"):
            return answer
        if not self.filtered("backflush"):
            return answer
        return self._answer_backflush_program(answer)

    def _answer_backflush_program(self, answer):
        """True where all is done, else the question that Odoo asks.

        :param answer: of Odoo
        :raises UserError: where Odoo wants lots or serial numbers first
        """
        open_orders = self.filtered(lambda order: order.state != "done")
        if answer is True or not open_orders:
            return True
        if not _is_question(answer):
            raise refuse(
                self.env._(
                    "A lot or serial number is missing on %(orders)s: enter it on the "
                    "order, or report with backflush_post and lot_names.",
                    orders=", ".join(open_orders.mapped("name")),
                ),
                "lot",
            )
        return make_plain(answer)


def _is_question(answer):
    """Whether Odoo opens a wizard; the one for serial numbers is no question."""
    return (
        isinstance(answer, dict)
        and answer.get("target") == "new"
        and answer.get("res_model") != "mrp.production.serials"
    )
