from odoo import api, models
from odoo.fields import Domain

from ..errors import refuse


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def _find_backflush_by_code(self, code, company):
        """Find the product with an internal reference.

        :param company: ``res.company`` that the product is for
        :raises UserError: where there is none, or more than one
        """
        domain = Domain("default_code", "=", code)
        domain &= Domain("company_id", "in", [company.id, False])
        products = self.search(domain, limit=2)
        if not products:
            raise refuse(
                self.env._("default_code: there is no product %(code)s.", code=code),
                "not_found",
                field="default_code",
            )
        if len(products) > 1:
            raise refuse(
                self.env._(
                    "default_code: several products have the code %(code)s; give "
                    "product_id.",
                    code=code,
                ),
                field="default_code",
            )
        return products

    def _find_backflush_lots(self, names, company):
        """Find lots or serial numbers of this product.

        :param names: list of names
        :param company: ``res.company`` whose lots count, beside those of all
        :return: ``stock.lot`` recordset
        """
        self.ensure_one()
        return self.env["stock.lot"].search(
            [
                ("product_id", "=", self.id),
                ("name", "in", names),
                ("company_id", "in", [company.id, False]),
            ]
        )

    def _get_backflush_lots_problem(self, field, reason):
        """The error that refuses lots or serial numbers of this product.

        :param field: of the report, that names them
        :param reason: a clause, without a full stop
        """
        return refuse(
            self.env._(
                "%(field)s: %(product)s: %(reason)s.",
                field=field,
                product=self.display_name,
                reason=reason,
            ),
            "lot",
            field=field,
        )
