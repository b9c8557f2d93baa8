from odoo import api, models
from odoo.tools.misc import formatLang

from ...accuracy.alarm import find_drift

ACTIVITY = "backflush_auto_accuracy.mail_activity_type_drift"


class MrpBackflushCount(models.Model):
    """Tell somebody when a component drifts."""

    _inherit = "mrp.backflush.count"

    @api.model
    def _alarm(self, products):
        """Plan an activity on each component that drifts, and that has none yet.

        :param products: ``product.product`` recordset
        """
        counts = self.sudo().search(
            [("product_id", "in", products.ids), ("set_aside", "=", False)],
            order="date, id",
        )
        places = counts.grouped(
            lambda count: (count.product_id, count.company_id, count.location_id)
        )
        for place in places.values():
            place = place._filter_epoch()._filter_since_alarm()
            if drift := find_drift([count._get_residual() for count in place]):
                place[-drift.counts :]._plan_alarm(drift)

    def _filter_since_alarm(self):
        """The counts after the last one that raised an alarm."""
        alarmed = [number for number, count in enumerate(self) if count.is_alarm]
        return self[alarmed[-1] + 1 :] if alarmed else self

    def _get_residual(self):
        """What nothing explains of the difference, in standard deviations."""
        return (self._get_drift() - self.explained_qty) / self._get_sd()

    def _plan_alarm(self, drift):
        """Plan the activity for whoever is responsible for the component.

        :param drift: :class:`.Drift` of these counts
        """
        last = self[-1:]
        last.is_alarm = True
        product = last.product_id.with_company(last.company_id)
        kind = self.env.ref(ACTIVITY, raise_if_not_found=False)
        if not kind or kind in product.activity_ids.activity_type_id:
            return
        user = product.responsible_id
        if not user.active or user.share:
            user = last.user_id
        product.with_context(lang=user.lang).activity_schedule(
            ACTIVITY,
            user_id=user.id,
            summary=last.with_context(lang=user.lang).env._(
                "Stock of %(location)s drifts", location=last.location_id.display_name
            ),
            note=self.with_context(lang=user.lang)._get_alarm_note(drift),
        )

    def _get_alarm_note(self, drift):
        missing = sum(count._get_drift() for count in self)
        values = {
            "counts": len(self),
            "quantity": formatLang(self.env, abs(missing), dp="Product Unit"),
            "unit": self.product_uom_id.name,
        }
        if drift.sign > 0:
            return self.env._(
                "The last %(counts)s counts found %(quantity)s %(unit)s fewer than on "
                "record, and nothing known explains it. Look at Accuracy ‣ Counts.",
                **values,
            )
        return self.env._(
            "The last %(counts)s counts found %(quantity)s %(unit)s more than on "
            "record, and nothing known explains it. Look at Accuracy ‣ Counts.",
            **values,
        )
