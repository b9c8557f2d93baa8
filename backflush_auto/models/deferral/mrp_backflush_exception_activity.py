from datetime import timedelta

from odoo import api, fields, models

from ...texts import format_quantity

# For so long, receipts that are booked late need nobody.
PATIENCE = timedelta(days=1)


class MrpBackflushException(models.Model):
    """Who looks after products that are owed for long: one activity a product."""

    _inherit = "mrp.backflush.exception"

    @api.model
    def _remind(self):
        """Plan an activity for each product that has been owed for a day."""
        late = self.search(
            [
                ("state", "=", "waiting"),
                ("date", "<=", fields.Datetime.now() - PATIENCE),
            ]
        )
        late._plan_activities()

    def _plan_activities(self):
        """Plan an activity for each product of these debts that has none."""
        known = self._search_activities(self.product_id).mapped("res_id")
        for product, debts in self.grouped("product_id").items():
            if product.id in known:
                continue
            company = debts[0].company_id
            product = product.with_company(company).sudo()
            user = product.responsible_id or debts[0].user_id
            product.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Consumed, but not in stock"),
                note=self.env._(
                    "%(quantity)s %(unit)s were consumed before stock had them. See "
                    "Manufacturing ‣ Operations ‣ Deferred Consumption.",
                    quantity=format_quantity(
                        self.env, sum(debts.mapped("product_qty"))
                    ),
                    unit=product.uom_id.name,
                ),
                user_id=user.id or self.env.user.id,
            ).backflush_debt = True

    @api.model
    def _search_activities(self, products):
        """The activities that were planned for what is owed of products."""
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("backflush_debt", "=", True),
                    ("res_model", "=", "product.product"),
                    ("res_id", "in", products.ids),
                ]
            )
        )

    def _finish_activities(self):
        """Close the activities of products that are owed no more."""
        activities = self._search_activities(self.product_id)
        if not activities:
            return
        owed = self.search(
            [("state", "=", "waiting"), ("product_id", "in", self.product_id.ids)]
        ).product_id.ids
        activities.filtered(lambda one: one.res_id not in owed).unlink()
