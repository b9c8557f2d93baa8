from odoo import models

from ..finite import FiniteFloat


class MrpBackflushLeash(models.AbstractModel):
    """How far, and for how long, postings may leave stock negative: of a product, and
    of the products of a category."""

    _name = "mrp.backflush.leash"
    _description = "Limits of Negative Stock"

    backflush_negative_limit = FiniteFloat(
        "Negative Stock Up To",
        digits="Product Unit",
        help="How far production that posts into negative stock may bring this product "
        "below zero at the location it is taken from, in its unit. What would go "
        "beyond is deferred: it is posted, and taken when stock comes. 0: as the "
        "category says, and without a limit where no category has one.",
    )
    backflush_negative_hours = FiniteFloat(
        "Negative Stock For",
        digits=(16, 2),
        help="For how many hours this product may be negative. From then on, what "
        "stock does not have is deferred, until the product is not negative any more, "
        "and its responsible person gets an activity. 0: as the category says, and "
        "without a limit where no category has one.",
    )

    _backflush_negative_positive = models.Constraint(
        "CHECK (backflush_negative_limit >= 0 AND backflush_negative_hours >= 0)",
        "A limit of negative stock cannot be negative itself.",
    )

    def _get_backflush_leash(self, name):
        """The limit of a product or category, else that of a category around it.

        :param name: of the field
        :return: 0 where there is none
        """
        self.ensure_one()
        around = self.categ_id if "categ_id" in self._fields else self.parent_id
        return self[name] or (around._get_backflush_leash(name) if around else 0.0)
