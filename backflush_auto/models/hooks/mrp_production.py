from odoo import api, models

from ...extending import extend
from ...posting.interim import StartPosting
from ...posting.posting import Posting
from ...posting.preview import Preview
from ...reporting.poster import Reporting


class MrpProduction(models.Model):
    """The hooks by which other addons extend posting, preview and reporting.

    Each takes the classes of other addons; ``extending`` says how. The posting at an
    operation is made by ``mrp.workorder._make_backflush_operation_posting``.
    """

    _inherit = "mrp.production"

    def _make_backflush_posting(self, reported, *extensions):
        """The posting of what is reported on these orders.

        :param reported: ``{order: quantity}``, in the order's unit
        :param extensions: classes of other addons
        """
        return extend(Posting, *extensions)(self, reported)

    def _make_backflush_start_posting(self, *extensions):
        """The posting of what these orders take when they start.

        :param extensions: classes of other addons
        """
        return extend(StartPosting, *extensions)(self)

    def _make_backflush_preview(self, reported, *extensions, entered=None):
        """What a posting of a quantity on these orders would do.

        :param reported: ``{order: quantity}``, in the order's unit
        :param extensions: classes of other addons
        :param entered: ``{move: quantity}`` that a person is about to enter, in the
            component's unit
        """
        return extend(Preview, *extensions)(self, reported, entered)

    @api.model
    def _make_backflush_reporting(self, entry, *extensions, alone=False):
        """What takes the reports of a call from outside.

        :param entry: ``model.method`` that was called
        :param extensions: classes of other addons
        :param alone: whether the transaction was begun for the reports, by no call
        """
        return extend(Reporting, *extensions)(self.env, entry, alone)
