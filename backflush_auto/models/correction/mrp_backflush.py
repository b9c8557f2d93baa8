from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import MissingError

from ...errors import check_one, refuse
from ...reporting.correcting import Correcting
from ...reporting.payload import Reader
from ...texts import format_quantity
from ..api.mrp_production import checked_call


class MrpBackflush(models.Model):
    """Corrections: a report that was wrong is put right."""

    _inherit = "mrp.backflush"

    @checked_call
    def backflush_correct(
        self, quantity: float = 0.0, reason: str = "", reference: str = ""
    ) -> dict:
        """Put a report right: say what it really was. What was too much comes back.

        Lots, serial numbers, packages and owners come back as they left, to where they
        were. The posting stays as it was; the correction is a posting of its own. The
        order counts what is left, and is open again where something remains to be made.

        :param quantity: what it really was, in the order's unit; 0 = it never happened
        :param reason: why, for those who read the record
        :param reference: what the caller calls this correction, unique per company: the
            same correction with the same reference is posted once, and answered again
            with ``replayed`` true
        :return: the keys of ``backflush_post``, and

            - ``corrects``: ``{id, name}`` of the posting
            - ``quantity_left``: what is left of it, in the order's unit
            - ``components``: ``expected``, ``consumed`` and ``lots`` are negative for
              what came back
        :raises UserError: where the correction is refused; nothing is moved then
        """
        posting = self._get_backflush_called()
        correcting = Correcting(self.env, "mrp.backflush.backflush_correct")
        return correcting.correct(posting, quantity, reason, reference)

    def _get_backflush_called(self):
        """The one posting that a method was called on."""
        check_one(self)
        Reader(self.env).read_id(self._ids[0], "ids")
        try:
            self.check_access("read")
            # The superuser's access is granted without a look.
            self.mapped("company_id")
        except MissingError:
            raise MissingError(
                self.env._(
                    "There is no backflush %(backflush)s.", backflush=self._ids[0]
                )
            ) from None
        return self

    def action_backflush_correct(self):
        """Ask what this report really was.

        :return: the action that opens the dialog
        :raises UserError: where it cannot be corrected, or not by this person
        """
        check_one(self)
        self._check_backflush_kind()
        self._check_backflush_corrector()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto.mrp_backflush_correction_action"
        )
        dialog = self.env["mrp.backflush.correction"].create(
            {"posting_id": self.id, "quantity": self.quantity_left}
        )
        return {**action, "res_id": dialog.id}

    # --- What may be corrected ---

    def _check_backflush_correctable(self, quantity):
        """Refuse a correction that makes no sense, or is not this person's to make.

        :param quantity: what it really was, in the order's unit
        :raises UserError: that says why
        """
        self.ensure_one()
        self._check_backflush_kind()
        self._check_backflush_corrector()
        unit = self.product_uom_id
        is_less = unit.compare(quantity, self.quantity_left) < 0
        # Of a report of nothing but scrap, that is what is taken back.
        is_scrap = unit.is_zero(quantity) and unit.is_zero(self.quantity_left)
        if not (is_less or is_scrap):
            raise refuse(
                self.env._(
                    "quantity: %(posting)s counts %(left)s %(unit)s now, and a "
                    "correction says less; report on %(order)s what was produced "
                    "besides.",
                    posting=self.name,
                    left=format_quantity(self.env, self.quantity_left),
                    unit=unit.name,
                    order=self.production_id.name,
                ),
                field="quantity",
            )

    def _check_backflush_kind(self):
        """Refuse to correct a correction, or what is taken back already."""
        if self.reverses_id:
            raise refuse(
                self.env._(
                    "%(posting)s is a correction itself; report on %(order)s what was "
                    "produced all the same.",
                    posting=self.name,
                    order=self.production_id.name,
                ),
                "state",
            )
        if self.state == "reversed":
            raise refuse(
                self.env._(
                    "%(posting)s was taken back already, by %(corrections)s.",
                    posting=self.name,
                    corrections=", ".join(self.correction_ids.mapped("name")),
                ),
                "state",
                state=self.state,
            )
        if self.production_id.state == "cancel":
            raise refuse(
                self.env._(
                    "%(order)s is cancelled, and its reports cannot be corrected.",
                    order=self.production_id.name,
                ),
                "state",
                state=self.production_id.state,
            )
        if not self.production_id.backflush:
            raise refuse(
                self.env._(
                    "Backflushing is switched off on %(order)s. Switch it on while the "
                    "order is open, or unbuild what was not produced.",
                    order=self.production_id.name,
                ),
                "state",
            )

    def _check_backflush_corrector(self):
        """Refuse people who correct what others have reported, or too late."""
        if self._may_backflush_correct():
            return
        raise refuse(
            self.env._(
                "%(posting)s of %(user)s, %(date)s: you can correct what you have "
                "reported yourself, for %(hours)s hours. Ask a manufacturing manager.",
                posting=self.name,
                user=self.user_id.name or "",
                date=fields.Datetime.context_timestamp(self, self.date).strftime(
                    "%Y-%m-%d %H:%M"
                ),
                hours=self.company_id.backflush_correct_hours,
            ),
            "access",
        )

    def _may_backflush_correct(self):
        """Whether this person may correct this posting."""
        self.ensure_one()
        if self.env.su or self.env.user.has_group("mrp.group_mrp_manager"):
            return True
        allowed = timedelta(hours=self.sudo().company_id.backflush_correct_hours)
        is_own = self.user_id == self.env.user
        return is_own and fields.Datetime.now() < self.date + allowed

    def _get_backflush_correction_problems(self, reason):
        """What else speaks against a correction; other addons add to it.

        :param reason: that was given
        :return: list of messages
        """
        self.ensure_one()
        return []

    def _get_backflush_correction_result(self):
        """The answer to what this correction was posted for, in plain values."""
        self.ensure_one()
        corrected = self.reverses_id
        return {
            **self._get_report_result(self.production_id.browse()),
            "corrects": {"id": corrected.id, "name": corrected.name},
            "quantity_left": corrected.quantity_left,
        }
