from .common import BackflushCase


class CorrectionCase(BackflushCase):
    """Reports that turn out to be wrong, and all that is in stock."""

    def _posting(self, result):
        """The posting that was answered, as its worker."""
        return self.env["mrp.backflush"].with_user(self.worker).browse(result["id"])

    def _get_holdings(self):
        """All that is in stock: what a correction of everything puts back."""
        quants = self.env["stock.quant"].search([("quantity", "!=", 0)])
        return sorted(
            (
                *(q.product_id.id, q.location_id.id, q.lot_id.id, q.package_id.id),
                *(q.owner_id.id, round(q.quantity, 4), round(q.reserved_quantity, 4)),
            )
            for q in quants
            if q.location_id.usage == "internal"
        )
