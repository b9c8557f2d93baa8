from markupsafe import Markup

from odoo import models

from ...texts import format_quantity, format_whole

POSTING_URL = "/odoo/backflushes"
ORDER_URL = "/odoo/action-mrp.action_mrp_production_form"
# More postings than these are not named one by one.
LISTED_POSTINGS = 5


class MrpBackflush(models.Model):
    """What the log of an order says of its postings, and what a person is told."""

    _inherit = "mrp.backflush"

    def _log_backflush_postings(self, components):
        """Log each posting on its order, all of them by one insert.

        :param components: ``{mrp.production: stock.move}`` of these postings, debts
            included
        """
        none = self.env["stock.move"]
        bodies = {
            posting.production_id.id: posting._describe_backflush_log(
                components.get(posting.production_id, none)
            )
            for posting in self
        }
        self.production_id._message_log_batch(bodies)

    def _describe_backflush_log(self, components):
        """The line of a posting: how much was reported, and what differed.

        :param components: ``stock.move`` of the posting, debts included
        :return: Markup, with a link to the posting
        """
        link = Markup('<a href="#" data-oe-model="%s" data-oe-id="%s">%s</a>')
        texts = [
            self._describe_backflush_posting(),
            *(move._describe_backflush_difference() for move in components),
        ]
        text = "; ".join(filter(None, texts))
        return Markup("%s: %s") % (link % (self._name, self.id, self.name), text)

    def _describe_backflush_posting(self):
        """What was reported: produced, done at an operation, or started."""
        values = {
            "quantity": format_quantity(self.env, self.quantity),
            "unit": self.product_uom_id.name,
            "workorder": self.workorder_id.name,
            "scrapped": format_quantity(self.env, self.scrapped_qty),
        }
        if self.trigger == "start":
            return self.env._("started, for %(quantity)s %(unit)s", **values)
        if self.workorder_id:
            return self.env._("%(quantity)s %(unit)s done at %(workorder)s", **values)
        if self.scrapped_qty:
            return self.env._(
                "%(quantity)s %(unit)s produced, %(scrapped)s scrapped", **values
            )
        return self.env._("%(quantity)s %(unit)s produced", **values)

    def _prepare_backflush_notice(self, next_action=None, backorders=()):
        """Say on the screen what was posted, with links, and carry on.

        One posting is offered to be corrected: a slip is seen right then.

        :param next_action: what follows; None: the dialog is closed
        :param backorders: ``[{"id", "name"}]`` that were made
        :return: client action
        """
        message, links = self._describe_backflush_notice(), self._get_notice_links()
        if backorders:
            places = ", ".join(["%s"] * len(backorders))
            message += self.env._("; backorder: %(names)s", names=places)
            links += [
                {"label": b["name"], "url": f"{ORDER_URL}/{b['id']}"}
                for b in backorders
            ]
        is_correctable = len(self) == 1 and self._may_backflush_correct()
        return {
            "type": "ir.actions.client",
            "tag": "backflush_posted",
            "params": {
                "posting_ids": self.ids,
                "message": message,
                "links": links,
                "correct": self.env._("Correct") if is_correctable else "",
                "next": next_action or {"type": "ir.actions.act_window_close"},
            },
        }

    def _describe_backflush_notice(self):
        """What was posted, with ``%s`` for each link."""
        if len(self) != 1:
            names = ", ".join(["%s"] * min(len(self), LISTED_POSTINGS))
            more = ", …" if len(self) > LISTED_POSTINGS else ""
            return self.env._(
                "%(count)s orders posted: %(names)s",
                count=len(self),
                names=names + more,
            )
        return self.env._(
            "%(posting)s: %(quantity)s %(unit)s of %(product)s",
            posting="%s",
            quantity=format_whole(self.env, self.quantity),
            unit=_escape(self.product_uom_id.name),
            product=_escape(self.product_id.display_name),
        )

    def _get_notice_links(self):
        return [
            {"label": posting.name, "url": f"{POSTING_URL}/{posting.id}"}
            for posting in self[:LISTED_POSTINGS]
        ]


def _escape(name):
    """A name in a text that has links put in for its ``%s``."""
    return name.replace("%", "%%")
