from datetime import timedelta

import numpy as np
from freezegun import freeze_time

from odoo import fields
from odoo.tests import BaseCase, new_test_user, tagged

from ..accuracy.alarm import find_drift
from .common import AccuracyCase

START = fields.Datetime.to_datetime("2026-01-05 08:00:00")


class TestDrift(BaseCase):
    """The arithmetic: what is added up, and when it is too much."""

    def test_single_counts_say_nothing(self):
        self.assertIsNone(find_drift([]))
        self.assertIsNone(find_drift([0.0] * 100))
        self.assertIsNone(find_drift([100.0]))
        self.assertIsNone(find_drift([2.0, -2.0] * 50))

    def test_small_differences_add_up(self):
        more = find_drift([0.0] * 20 + [1.5] * 6)
        self.assertEqual((more.sign, more.counts), (1, 6))
        less = find_drift([0.0] * 20 + [-1.5] * 6)
        self.assertEqual((less.sign, less.counts), (-1, 6))
        self.assertIsNone(find_drift([0.0] * 20 + [1.5] * 5))

    def test_what_is_over_is_no_alarm(self):
        self.assertIsNone(find_drift([1.5] * 6 + [0.0] * 20))

    def test_components_that_are_right_are_seldom_named(self):
        """Page's two-sided chart with these limits: about once in 465 counts."""
        rng = np.random.default_rng(1)
        alarms = counts = 0
        for _component in range(40):
            residuals = []
            for residual in rng.normal(size=400):
                residuals.append(residual)
                counts += 1
                if find_drift(residuals):
                    alarms += 1
                    residuals = []
        self.assertTrue(250 < counts / alarms < 900, counts / alarms)


@tagged("post_install", "-at_install")
class TestAlarm(AccuracyCase):
    """Bolts get fewer than recorded, count after count."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = new_test_user(
            cls.env, "accuracy_buyer", groups="stock.group_stock_user"
        )
        cls.bolt.responsible_id = cls.buyer
        cls.week = 0

    def _drift(self, *missing):
        """Count once a week what is missing."""
        for quantity in missing:
            with freeze_time(START + timedelta(weeks=self.week)):
                self._make(10)
                self._count((self.bolt, str(quantity)))
            self.week += 1
        with freeze_time(START + timedelta(weeks=self.week)):
            self.env["mrp.backflush.proposal"]._cron_propose()

    def _get_activities(self):
        return self.bolt.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("backflush_auto_accuracy.mail_activity_type_drift")
            )
        )

    def test_whoever_is_responsible_is_told_once(self):
        self._drift(0, 3, 4, 0)
        self.assertFalse(self._get_activities())
        self._drift(7, 8)
        activity = self._get_activities()
        self.assertEqual(activity.user_id, self.buyer)
        self.assertIn("fewer than on record", activity.note)
        self.assertTrue(self._get_count(self.bolt).is_alarm)
        self._drift(7, 8)
        self.assertEqual(self._get_activities(), activity)

    def test_it_is_told_again_when_it_drifts_on(self):
        self._drift(0, 7, 8)
        self._get_activities().action_feedback()
        self._drift()
        self.assertFalse(self._get_activities())
        self._drift(-7, -8)
        self.assertIn("more than on record", self._get_activities().note)

    def test_what_is_explained_is_no_alarm(self):
        """Of both components there is too little for the same number of chairs."""
        for missing in (20, 30, 25):
            with freeze_time(START + timedelta(weeks=self.week)):
                self._make(10)
                self._count(
                    (self.bolt, str(4 * missing)), (self.board, str(2 * missing))
                )
            self.week += 1
        self.env["mrp.backflush.proposal"]._cron_propose()
        self.assertFalse(self._get_activities())

    def test_another_recipe_begins_anew(self):
        self._drift(0, 7)
        with freeze_time(START + timedelta(weeks=self.week)):
            self.bolt_line.product_qty = 5
        self._drift(0, 8)
        self.assertFalse(self._get_activities())
