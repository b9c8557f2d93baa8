from hypothesis import given

from odoo.tests import tagged

from .common import BackflushCase
from .deferral_programs import DeferralPrograms, patient, programs


@tagged("post_install", "-at_install")
class TestDeferralProperty(DeferralPrograms, BackflushCase):
    """What is owed ends where it would have ended, had stock come early."""

    with_lots = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.scrap.reason.tag"].create({"name": "Cracked"})
        cls.glue = cls._create_product("Glue", tracking="lot")
        cls.bom.bom_line_ids = [
            (0, 0, {"product_id": cls.glue.id, "product_qty": 0.5}),
        ]
        cls.products = cls.board | cls.bolt | cls.glue
        location = cls.stock_location
        location.removal_strategy_id = cls.env.ref("stock.removal_fifo")

    @patient
    @given(program=programs())
    def test_quantities(self, program):
        self._compare_worlds(program)

    @patient
    @given(program=programs("correct", "unbuild", "lose"))
    def test_lots(self, program):
        self.with_lots = True
        self._compare_worlds(program)

    def test_the_property_can_fail(self):
        """A world in which a debt is forgotten ends elsewhere."""
        program = [("report", 1, 9), ("receive", 0, 2), ("report", 0, 5)]
        self.assertTrue(self._compare_worlds(program))
        arrivals, steps = [], []
        deferred = self._run(lambda: self._live_deferred(program, arrivals, steps))
        kind, product, quantity, _how = arrivals[-2]
        arrivals[-2] = (kind, product, quantity - 1, None)
        early = self._run(lambda: self._live_early(arrivals, steps))
        self.assertNotEqual(deferred, early)
