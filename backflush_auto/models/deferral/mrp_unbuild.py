from odoo import models

from ...errors import refuse


class MrpUnbuild(models.Model):
    """Goods that are taken apart give back what was taken for them, and no more."""

    _inherit = "mrp.unbuild"

    def _check_backflush_debts(self):
        """Refuse to take apart what was made of components that are still owed.

        :raises UserError: that names what is owed
        """
        debts = self.mo_id.move_raw_ids._filter_backflush_debts()
        if debts:
            raise refuse(
                self.env._(
                    "%(orders)s cannot be unbuilt: stock has not had all that was "
                    "consumed. Settle these components first, or correct the report: "
                    "%(products)s.",
                    orders=", ".join(
                        debts.raw_material_production_id.mapped("display_name")
                    ),
                    products=", ".join(debts.product_id.mapped("display_name")),
                ),
                "state",
            )
