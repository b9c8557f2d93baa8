from odoo import models

from ..fifo import Receipts


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class ProductProduct(models.Model):
    """The context key ``backflush_receipts`` keeps what was counted, see ``fifo``."""

    _inherit = "product.product"

    def _run_fifo_get_stack(self, lot=None, at_date=None, location=None):
        counted = self.env.context.get("backflush_receipts")
        if counted is None or lot or at_date or location:
            return super()._run_fifo_get_stack(
                lot=lot, at_date=at_date, location=location
            )
        key = self.id, self.env.company.id
        if key not in counted:
            whole = self.with_context(fifo_qty_already_processed=0.0)
            counted[key] = Receipts(*super(ProductProduct, whole)._run_fifo_get_stack())
        taken = self.env.context.get("fifo_qty_already_processed", 0.0)
        return counted[key].skip(taken, self.uom_id)
