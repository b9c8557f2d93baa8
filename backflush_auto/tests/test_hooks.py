from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase

from ..extending import extend
from ..posting.posting import Posting
from ..posting.preview import Preview
from ..reporting.poster import Reporting
from .common import BackflushCase

REFUSED = "Refused by another addon"


class Base:
    """A class that others extend."""

    def tell(self):
        return ["base"]


class One(Base):
    """Its extension by the addon that is loaded first."""

    def tell(self):
        return ["one", *super().tell()]


class Other(Base):
    """Its extension by the addon that is loaded last."""

    def tell(self):
        return ["other", *super().tell()]


class TestExtend(TransactionCase):
    """Classes of several addons, the one that is loaded last is called first."""

    def test_order(self):
        self.assertIs(extend(Base), Base)
        both = extend(Base, Other, One)
        self.assertEqual(both().tell(), ["other", "one", "base"])
        self.assertIs(extend(Base, Other, One), both)


class CountedPosting(Posting):
    """Of an addon that wants to know what was posted, and refuses some of it."""

    counted = []

    def check(self):
        if any(order.origin == "refused" for order in self.orders):
            raise UserError(REFUSED)
        return super().check()

    def record(self):
        postings = super().record()
        self.counted += postings.mapped("trigger")
        return postings


class LoudPreview(Preview):
    """Of an addon that adds to what a preview tells."""

    def describe(self):
        return [{**values, "loud": True} for values in super().describe()]


class StampedReporting(Reporting):
    """Of an addon that names the reports that have no reference."""

    def post_one(self, values):
        return super().post_one({**values, "reference": "stamped"})


class TestHooks(BackflushCase):
    """Other addons extend postings, previews and reportings as they extend models."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 100)
        cls._add_stock(cls.bolt, 100)

    def _extend(self, model, name, extension):
        """Extend a hook as a model of another addon would."""
        cls = type(self.env[model])
        original = getattr(cls, name)

        def make(records, *args, **kwargs):
            return original(records, *args, extension, **kwargs)

        self.enterContext(patch.object(cls, name, make))

    def _extend_postings(self):
        self.enterContext(patch.object(CountedPosting, "counted", []))
        for model, name in (
            ("mrp.production", "_make_backflush_posting"),
            ("mrp.production", "_make_backflush_start_posting"),
            ("mrp.workorder", "_make_backflush_operation_posting"),
        ):
            self._extend(model, name, CountedPosting)

    def test_completion(self):
        self._extend_postings()
        order = self._create_order(quantity=5)
        order.button_mark_done()
        self.assertEqual(CountedPosting.counted, ["completion"])
        self.assertConsumed(order, {self.board: 10, self.bolt: 20})

    def test_refusal(self):
        self._extend_postings()
        order = self._create_order(quantity=5)
        order.origin = "refused"
        with self.assertRaisesRegex(UserError, REFUSED):
            order.button_mark_done()

    def test_start_and_operation(self):
        self._extend_postings()
        center = self.env["mrp.workcenter"].create({"name": "Bench"})
        self.bom.operation_ids = [
            Command.create({"name": "Saw", "workcenter_id": center.id})
        ]
        board, bolt = self.bom.bom_line_ids
        board.write(
            {
                "backflush_method": "operation",
                "operation_id": self.bom.operation_ids.id,
            }
        )
        bolt.backflush_method = "start"
        order = self._create_order(quantity=5)
        order.action_start()
        self.assertEqual(CountedPosting.counted, ["start"])
        order.workorder_ids.button_finish()
        self.assertEqual(CountedPosting.counted, ["start", "operation"])
        order.button_mark_done()
        self.assertEqual(CountedPosting.counted, ["start", "operation", "completion"])

    def test_preview(self):
        self._extend("mrp.production", "_make_backflush_preview", LoudPreview)
        order = self._create_order(quantity=5)
        components = order.backflush_preview(quantity=2)["components"]
        self.assertEqual([values["loud"] for values in components], [True, True])

    def test_reporting(self):
        self._extend("mrp.production", "_make_backflush_reporting", StampedReporting)
        order = self._create_order(quantity=5)
        order.backflush_post(quantity=2)
        self.assertEqual(order.backflush_ids.reference, "stamped")
