from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

MOST_DAYS = 36500


class MrpBackflushAccuracy(models.Model):
    _inherit = "mrp.backflush.accuracy"

    @api.model
    @api.readonly
    def get_backflush_dashboard(self, days: int = 90) -> dict:
        """The figures above the graphs of the dashboard.

        :param days: how far to look back, from 1 to 36500
        :return: ``since``, ``currency_id``, ``counts``, ``accuracy`` (%), ``classes``
            (a list of ``value_class``, ``counts``, ``accuracy``), ``explained_value``,
            ``unexplained_value``, ``boms`` and ``boms_right`` (numbers, as their lines
            are now), ``proposals`` (number), ``proposals_value`` (a year) and
            ``by_person``
        :raises AccessError: for everybody but users of manufacturing
        :raises UserError: where the days are no such number
        """
        self.check_access("read")
        if not isinstance(days, int) or not 1 <= days <= MOST_DAYS:
            raise UserError(
                self.env._(
                    "days has to be a whole number from 1 to %(most)s, not %(value)s.",
                    most=MOST_DAYS,
                    value=repr(days),
                )
            )
        since = fields.Datetime.now() - timedelta(days=days)
        domain = [("date", ">=", since)]
        return {
            "since": fields.Datetime.to_string(since),
            "currency_id": self.env.company.currency_id.id,
            **self._read_backflush_records(domain),
            **self._read_backflush_money(domain),
            **self._read_backflush_boms(since),
            **self._read_backflush_proposals(),
            "by_person": self.env["mrp.backflush.drift"]._is_backflush_by_person(),
        }

    def _read_backflush_records(self, domain):
        groups = self._read_group(domain, ["value_class"], ["accuracy:avg", "__count"])
        counts = sum(count for _class, _accuracy, count in groups)
        right = sum(accuracy * count for _class, accuracy, count in groups)
        return {
            "counts": counts,
            "accuracy": right / counts if counts else 0.0,
            "classes": [
                {"value_class": name, "accuracy": accuracy, "counts": count}
                for name, accuracy, count in groups
                if name
            ],
        }

    def _read_backflush_money(self, domain):
        names = ("explained_value", "unexplained_value")
        groups = self._read_group(domain, ["currency_id"], [f"{n}:sum" for n in names])
        totals = dict.fromkeys(names, 0.0)
        for currency, *amounts in groups:
            for name, amount in zip(names, amounts, strict=True):
                totals[name] += self._convert_backflush(amount or 0.0, currency)
        return totals

    def _convert_backflush(self, amount, currency):
        company = self.env.company
        today = fields.Date.context_today(self)
        return currency._convert(amount, company.currency_id, company, today)

    def _read_backflush_boms(self, since):
        """How many bills of materials are right, by the counts of their lines as they
        are now."""
        condition = SQL(
            "count.date >= %s AND count.company_id IN %s AND (line.backflush_epoch IS"
            " NULL OR before.date >= line.backflush_epoch)",
            *(since, tuple(self.env.companies.ids)),
        )
        view = self.env["mrp.backflush.bom.accuracy"]
        view.check_access("read")
        self._flush_backflush(view)
        rows = self.env.execute_query(
            SQL(
                "SELECT bom_id, BOOL_AND(is_right > 0) FROM (%s) AS row"
                " GROUP BY bom_id",
                view._select_boms(condition),
            )
        )
        return {"boms": len(rows), "boms_right": sum(right for _bom, right in rows)}

    def _flush_backflush(self, view):
        for model, names in view._depends.items():
            self.env[model].flush_model(names)

    def _read_backflush_proposals(self):
        groups = self.env["mrp.backflush.proposal"]._read_group(
            [("state", "=", "open")], ["company_id"], ["effect_value:sum", "__count"]
        )
        return {
            "proposals": sum(count for _company, _value, count in groups),
            "proposals_value": sum(
                self._convert_backflush(value, company.currency_id)
                for company, value, _count in groups
            ),
        }
