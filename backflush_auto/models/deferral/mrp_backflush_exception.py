import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...posting.deferral import Settlement
from ...reporting.locks import share_postings, wait_for_postings
from .mrp_backflush_exception_activity import PATIENCE

_logger = logging.getLogger(__name__)
# As many debts are paid in the transaction that brings stock; the rest follows in one
# of its own.
SMALL = 100
BATCH = 500
FIRST_RETRY = timedelta(minutes=15)
LAST_RETRY = timedelta(days=1)


class MrpBackflushException(models.Model):
    """How debts are opened, and paid by the stock that comes."""

    _inherit = "mrp.backflush.exception"

    # --- Opening ---

    @api.model
    def _open(self, moves, lots):
        """Keep a record of what a posting owes.

        :param moves: of the debts, which the posting has recorded
        :param lots: ``{move: ids of the lots that were named}``
        """
        vals_list = [
            {
                "company_id": move.company_id.id,
                "move_id": move.id,
                "backflush_id": move.backflush_id.id,
                "production_id": move.raw_material_production_id.id,
                "product_id": move.product_id.id,
                "location_id": move.location_id.id,
                "lot_ids": [(6, 0, sorted(lots[move]))],
                "unit_cost": move.product_id.with_company(move.company_id)
                .sudo()
                .standard_price,
                "user_id": self.env.user.id,
                "cause": "short",
            }
            for move in moves
        ]
        debts = self.create(vals_list)
        for debt, finding in debts._find_causes().items():
            debt.cause = finding.cause
        # What came while this was posted did not see the debt.
        self._trigger()
        # Who has to look after it is told when nothing has come for a day.
        self._trigger(fields.Datetime.now() + PATIENCE)
        return debts

    @api.model
    def _trigger(self, date=None):
        """Let the scheduled action settle what can be settled."""
        cron = self.env.ref("backflush_auto.ir_cron_settle", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(date)

    # --- Settling ---

    @api.model
    def _settle_arrivals(self, arrivals):
        """Pay what is owed where stock has come, before anybody reserves it.

        :param arrivals: ``{(product.product, stock.location)}``
        """
        debts = self._find_waiting(arrivals, SMALL + 1)
        products = self.env["product.product"].union(*(p for p, _place in arrivals))
        if (debts or self._is_used()) and not share_postings(self.env, products):
            # A posting of these products is under way and may owe what has come.
            self._trigger()
        if debts and not debts[:SMALL]._try_settle() or len(debts) > SMALL:
            self._trigger()

    @api.model
    def _is_used(self):
        """Whether an order may owe something."""
        orders = self.env["mrp.production"].sudo()
        return bool(
            orders.search_count(
                [
                    ("backflush_shortage", "in", ("defer", "negative")),
                    ("backflush", "=", True),
                    ("state", "in", ("confirmed", "progress", "to_close")),
                ],
                limit=1,
            )
        )

    @api.model
    def _find_waiting(self, arrivals, limit):
        """The debts that stock at these places can pay, the oldest first."""
        self.flush_model(["state", "product_id", "location_id", "date"])
        self.env["stock.location"].flush_model(["parent_path"])
        rows = [(p.id, place.parent_path) for p, place in arrivals]
        values = SQL(", ").join(SQL("(%s, %s)", *row) for row in rows)
        found = self.env.execute_query(
            SQL(
                """
                SELECT debt.id FROM mrp_backflush_exception AS debt
                  JOIN stock_location AS source ON source.id = debt.location_id
                 WHERE debt.state = 'waiting' AND EXISTS (
                       SELECT FROM (VALUES %s) AS arrival (product_id, path)
                        WHERE arrival.product_id = debt.product_id
                          AND starts_with(arrival.path, source.parent_path))
                 ORDER BY debt.date, debt.id LIMIT %s
                """,
                values,
                limit,
            )
        )
        return self.browse(debt_id for (debt_id,) in found)

    def _try_settle(self, **source):
        """Pay what is free of these debts; what fails is left for another time.

        :param source: see :class:`.Settlement`
        :return: whether nobody else was at work on them
        """
        try:
            with self.env.cr.savepoint():
                locked = self._lock_waiting()
                Settlement(locked, **source).pay()
            return locked == self
        except psycopg2.OperationalError:
            # Somebody else has changed the stock or a debt: a new transaction sees it.
            return False
        except Exception as error:
            if len(self) == 1:
                self._record_failure(error)
                return True
        return all([debt._try_settle(**source) for debt in self])

    def _lock_waiting(self):
        """Hold these debts; those that somebody else holds are left out."""
        self.flush_recordset()
        held = self.env.execute_query(
            SQL(
                "SELECT id FROM mrp_backflush_exception WHERE id IN %s"
                " AND state = 'waiting' ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
                self._ids,
            )
        )
        ids = {debt_id for (debt_id,) in held}
        return self.filtered(lambda debt: debt.id in ids)

    def _follow_settlement(self):
        """Clear what a failed try has left on debts that are paid now."""
        self._finish_activities()
        failed = self.filtered("tries")
        failed.write({"tries": 0, "last_error": False, "retry_date": False})

    def _record_failure(self, error):
        """Try this debt again later: after 15 minutes, doubling up to a day."""
        self.ensure_one()
        _logger.warning("Debt %s is not settled.", self.id, exc_info=error)
        wait = min(FIRST_RETRY * 2**self.tries, LAST_RETRY)
        date = fields.Datetime.now() + wait
        self.write(
            {
                "cause": "error",
                "tries": self.tries + 1,
                "last_error": str(error),
                "retry_date": date,
            }
        )
        self._trigger(date)

    @api.model
    def _cron_settle(self):
        """Settle what stock covers: what was too much for the transaction it came in.

        Runs when it is triggered, never to look whether there is something to do.
        """
        domain = Domain("state", "=", "waiting") & (
            Domain("retry_date", "=", False)
            | Domain("retry_date", "<=", fields.Datetime.now())
        )
        debts = self.search(domain)
        wait_for_postings(self.env, debts.product_id)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(debts))
        for start in range(0, len(debts), BATCH):
            batch = debts[start : start + BATCH].exists()
            if not batch._try_settle():
                self._trigger(fields.Datetime.now() + timedelta(seconds=5))
            if not cron._commit_progress(len(batch)):
                break
        self._remind()
        self.env["mrp.backflush.negative"]._remind()
