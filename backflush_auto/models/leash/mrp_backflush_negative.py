from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

HOURS = "backflush_negative_hours"


class MrpBackflushNegative(models.Model):
    """How it is seen what is negative, since when, and whether that is too long."""

    _inherit = "mrp.backflush.negative"

    @api.model
    def _read_on_hand(self, products, *, below_zero=False, company=None):
        """What stock has of products in each place.

        :param below_zero: leave out what is not negative
        :param company: ``res.company``; all of them where it is not given
        :return: ``{(product.product, stock.location): quantity in the product's unit}``
        """
        domain = Domain("product_id", "in", products.ids)
        domain &= Domain("location_id.usage", "in", ("internal", "transit"))
        if company:
            domain &= Domain("company_id", "=", company.id)
        rows = self.env["stock.quant"]._read_group(
            domain,
            ["product_id", "location_id"],
            ["quantity:sum"],
            having=[("quantity:sum", "<", 0)] if below_zero else (),
        )
        return {
            (product, location): quantity
            for product, location, quantity in rows
            if not (below_zero and product.uom_id.is_zero(quantity))
        }

    @api.model
    def _watch(self, products, moves=None):
        """Record what of these products went below zero, and what is so no more.

        :param moves: ``stock.move`` that have just moved it; None where it was edited
        """
        moves = moves or self.env["stock.move"]
        negative = self._read_on_hand(products, below_zero=True)
        known = self._find_open(products)
        for one in known:
            if (one.product_id, one.location_id) not in negative:
                brought = moves.move_line_ids.filtered(
                    lambda line, one=one: (
                        line.product_id == one.product_id
                        and line.location_dest_id == one.location_id
                    )
                )
                one._clear(brought[-1:].move_id)
        found = {(one.product_id, one.location_id) for one in known}
        self._open({pair: qty for pair, qty in negative.items() if pair not in found})

    def _open(self, negative):
        """Record what is negative.

        :param negative: ``{(product.product, stock.location): quantity}``
        """
        vals_list = [
            {
                "product_id": product.id,
                "location_id": location.id,
                "company_id": location.company_id.id,
                "date": date,
                "move_id": move_id,
            }
            for (product, location), (date, move_id) in self._find_since(
                negative
            ).items()
            if location.company_id
        ]
        for one in self.create(vals_list):
            hours = one.product_id._get_backflush_leash(HOURS)
            if hours:
                debts = self.env["mrp.backflush.exception"]
                debts._trigger(one.date + timedelta(hours=hours))

    def _clear(self, move):
        """Record what brought the stock, and leave its people in peace."""
        self.write({"cleared_date": fields.Datetime.now(), "cleared_move_id": move.id})
        self.activity_id.unlink()

    @api.model
    def _find_open(self, products):
        return self.search(
            [("product_id", "in", products.ids), ("cleared_date", "=", False)]
        )

    @api.model
    def _find_since(self, negative):
        """When each place went below zero: the move before which it was not.

        :param negative: ``{(product.product, stock.location): quantity}``
        :return: ``{(product.product, stock.location): (date, id of the move)}``; now,
            and False, where no move did it
        """
        now = (fields.Datetime.now(), False)
        since = dict.fromkeys(negative, now)
        if not negative:
            return since
        self.env["stock.move.line"].flush_model()
        rows = [(p.id, place.id, qty) for (p, place), qty in negative.items()]
        found = self.env.execute_query(
            SQL(
                """
                SELECT place.product_id, place.location_id, begun.date, begun.move_id
                  FROM (VALUES %s) AS place (product_id, location_id, quantity),
                       LATERAL (
                       SELECT date, move_id FROM (
                              SELECT line.id, line.date, line.move_id,
                                     place.quantity - sum(
                                         CASE WHEN location_id = place.location_id
                                         THEN -quantity_product_uom
                                         ELSE quantity_product_uom END
                                     ) OVER (ORDER BY line.date DESC, line.id DESC)
                                     AS before
                                FROM stock_move_line AS line
                               WHERE line.state = 'done'
                                 AND line.product_id = place.product_id
                                 AND place.location_id IN
                                     (line.location_id, line.location_dest_id)
                                 AND line.location_id <> line.location_dest_id
                              ) AS history
                        WHERE before > -0.000001
                        ORDER BY date DESC, id DESC LIMIT 1) AS begun
                """,
                SQL(", ").join(SQL("(%s, %s, %s)", *row) for row in rows),
            )
        )
        by_ids = {(product.id, place.id): (product, place) for product, place in since}
        for product_id, location_id, date, move_id in found:
            since[by_ids[product_id, location_id]] = (date, move_id)
        return since

    @api.model
    def _find_overdue(self, products, company):
        """The products that have been negative for longer than they may be.

        :param company: ``res.company`` whose stock counts
        :return: ``product.product`` recordset
        """
        limited = products.sudo().filtered(lambda p: p._get_backflush_leash(HOURS))
        if not limited:
            return limited
        negative = self._read_on_hand(limited, below_zero=True, company=company)
        if not negative:
            return limited.browse()
        known = {
            (n.product_id, n.location_id): n.date for n in self._find_open(limited)
        }
        unknown = {pair: qty for pair, qty in negative.items() if pair not in known}
        since = {pair: found[0] for pair, found in self._find_since(unknown).items()}
        since |= {pair: known[pair] for pair in negative if pair in known}
        return limited.browse(
            {
                product.id
                for (product, _place), date in since.items()
                if _is_over(product, date)
            }
        )

    @api.model
    def _remind(self):
        """Plan an activity for each product that has been negative for too long."""
        for one in self.search([("cleared_date", "=", False)]):
            planned = self.search_count(
                [
                    ("product_id", "=", one.product_id.id),
                    ("activity_id", "!=", False),
                    ("cleared_date", "=", False),
                ],
                limit=1,
            )
            if not planned and _is_over(one.product_id, one.date):
                one._plan_activity()

    def _plan_activity(self):
        product = self.product_id.with_company(self.company_id).sudo()
        user = product.responsible_id or self.move_id.raw_material_production_id.user_id
        self.activity_id = product.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Negative stock for too long"),
            note=self.env._(
                "%(product)s has been negative in %(location)s for more than %(hours)s "
                "hours. Until it is not, production defers what is missing. See "
                "Manufacturing ‣ Operations ‣ Negative Stock.",
                product=product.display_name,
                location=self.location_id.display_name,
                hours=f"{product._get_backflush_leash(HOURS):g}",
            ),
            user_id=user.id or self.env.user.id,
        )


def _is_over(product, date):
    """Whether a product that is negative since a date has been so for too long."""
    hours = product._get_backflush_leash(HOURS)
    return bool(hours) and date + timedelta(hours=hours) <= fields.Datetime.now()
