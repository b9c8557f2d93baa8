from odoo import Command
from odoo.tests import Form, tagged

from .common import BackflushCase

FROM_ORDER = "from the components location of the order"


@tagged("post_install", "-at_install")
class TestRuleSentence(BackflushCase):
    """What a line of a BoM means, said on its form before anything is saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line_1 = cls.env["stock.location"].create(
            {"name": "Line 1", "location_id": cls.stock_location.id}
        )
        cls.saw = cls.env["mrp.workcenter"].create({"name": "Saw"})
        cls.line = cls.bom.bom_line_ids[0]
        cls.cut = cls.env["mrp.routing.workcenter"].create(
            {"name": "Cut", "bom_id": cls.bom.id, "workcenter_id": cls.saw.id}
        )
        cls.env.user.group_ids += cls.env.ref(
            "stock.group_stock_multi_locations"
        ) + cls.env.ref("mrp.group_mrp_routings")

    def _read(self, line=None, **values):
        """The sentences for these values of a line, none of them saved."""
        form = Form(
            line or self.line, "backflush_auto.mrp_bom_line_consumption_view_form"
        )
        for name, value in values.items():
            setattr(form, name, value)
        return form.backflush_summary

    def assertSays(self, expected, **values):
        self.assertEqual(self._read(**values), expected)

    def test_per_unit(self):
        self.assertSays(
            "For 100 Units of Chair: 2 × 100 = 200 Units of Board. It is taken "
            f"{FROM_ORDER} when production is reported."
        )

    def test_scrap_location_and_operation(self):
        self.assertSays(
            "For 100 Units of Chair: 2 × 100 + 5 % = 210 Units of Board. It is taken "
            "from WH/Stock/Line 1 when operation Cut is finished.",
            backflush_scrap=5,
            backflush_location_id=self.line_1,
            operation_id=self.cut,
            backflush_method="operation",
        )

    def test_per_order(self):
        self.assertSays(
            "Once per order: 1 Units of Board, whatever the quantity. It is taken "
            f"{FROM_ORDER} when production is reported.",
            product_qty=1,
            backflush_basis="order",
        )

    def test_per_order_with_scrap(self):
        self.assertSays(
            "Once per order: 2 + 2.5 % = 2.05 Units of Board, whatever the quantity. "
            f"It is taken {FROM_ORDER} when production is reported.",
            backflush_scrap=2.5,
            backflush_basis="order",
        )

    def test_whole_pieces(self):
        for direction, total, text in (
            ("up", "152", "up to whole Units"),
            ("down", "151", "down to whole Units"),
            (False, "152", "to the nearest whole Units"),
            ("half-up", "152", "to the nearest whole Units"),
        ):
            with self.subTest(direction=direction):
                self.assertSays(
                    f"For 100 Units of Chair: 1.5 × 100 + 1 % = {total} Units of "
                    f"Board. The total is rounded {text}. It is taken {FROM_ORDER} "
                    "when production is reported.",
                    product_qty=1.5,
                    backflush_scrap=1,
                    backflush_rounding=1,
                    backflush_rounding_method=direction,
                )

    def test_multiples(self):
        for direction, total, text in (
            ("up", "225", "up to a multiple of 25 Units"),
            ("down", "200", "down to a multiple of 25 Units"),
            ("half-up", "200", "to the nearest multiple of 25 Units"),
        ):
            with self.subTest(direction=direction):
                self.assertSays(
                    f"For 100 Units of Chair: 2 × 100 + 5 % = {total} Units of "
                    f"Board. The total is rounded {text}. It is taken {FROM_ORDER} "
                    "when production is reported.",
                    backflush_scrap=5,
                    backflush_rounding=25,
                    backflush_rounding_method=direction,
                )

    def test_methods(self):
        amount = "For 100 Units of Chair: 2 × 100 = 200 Units of Board."
        for method, sentence in (
            ("completion", f"It is taken {FROM_ORDER} when production is reported."),
            ("operation", f"It is taken {FROM_ORDER} when operation Cut is finished."),
            (
                "start",
                f"It is taken {FROM_ORDER} when the order starts, the whole planned "
                "quantity at once.",
            ),
            ("manual", f"Only what a person records is taken, {FROM_ORDER}."),
            ("bulk", "For information: nothing is deducted."),
        ):
            with self.subTest(method=method):
                self.assertSays(
                    f"{amount} {sentence}",
                    operation_id=self.cut,
                    backflush_method=method,
                )

    def test_methods_at_a_location(self):
        amount = "For 100 Units of Chair: 2 × 100 = 200 Units of Board."
        place = "from WH/Stock/Line 1"
        for method, sentence in (
            ("completion", f"It is taken {place} when production is reported."),
            ("operation", f"It is taken {place} when operation Cut is finished."),
            (
                "start",
                f"It is taken {place} when the order starts, the whole planned "
                "quantity at once.",
            ),
            ("manual", f"Only what a person records is taken, {place}."),
            ("bulk", "For information: nothing is deducted."),
        ):
            with self.subTest(method=method):
                self.assertSays(
                    f"{amount} {sentence}",
                    operation_id=self.cut,
                    backflush_method=method,
                    backflush_location_id=self.line_1,
                )

    def test_method_of_the_product(self):
        self.board.backflush_method = "manual"
        self.assertIn("Only what a person records is taken", self._read())

    def test_operation_without_one(self):
        self.assertSays(
            "For 100 Units of Chair: 2 × 100 = 200 Units of Board. It is taken "
            f"{FROM_ORDER} when production is reported. It has no operation, so its "
            "method counts as “At completion”.",
            backflush_method="operation",
        )

    def test_location_of_the_work_center(self):
        self.saw.backflush_location_id = self.line_1
        self.assertIn("from WH/Stock/Line 1", self._read(operation_id=self.cut))

    def test_kit(self):
        kit = self._create_product("Fittings")
        self._create_bom(kit, [(self.bolt, 3)], type="phantom")
        self.line.product_id = kit
        self.assertSays(
            "For 100 Units of Chair: 2 × 100 + 5 % = 210 Units of Fittings. Fittings "
            "is a kit: its components follow their own rules, and this line's rules "
            "where theirs are empty.",
            backflush_scrap=5,
            backflush_method="start",
        )

    def test_service(self):
        self.board.type = "service"
        self.assertIn("For information: nothing is deducted.", self._read())

    def test_bulk_is_no_method_of_an_order(self):
        """What a person adds to an order is taken."""
        felt = self._create_product("Felt Pad", backflush_method="bulk")
        order = self._create_order(quantity=10)
        order.move_raw_ids = [
            Command.create({"product_id": felt.id, "product_uom_qty": 40})
        ]
        self.assertEqual(self._component(order, felt).backflush_method, "completion")

    def test_line_of_a_kit(self):
        self.bom.type = "phantom"
        self.assertSays(
            "For 100 Units of Chair: 2 × 100 = 200 Units of Board. It is taken "
            f"{FROM_ORDER} when production is reported. In an order that uses this "
            "kit, the line of the kit decides first what this line leaves empty."
        )

    def test_quantity_and_unit_of_the_bom(self):
        self.bom.write({"product_qty": 3, "product_uom_id": self.dozen.id})
        self.assertIn(
            "For 300 Dozens of Chair: 2 × 100 = 200 Units of Board.", self._read()
        )
        self.bom.product_qty = 1000
        self.assertIn(
            "For 10,000 Dozens of Chair: 2 × 10 = 20 Units of Board.", self._read()
        )

    def test_what_it_says_is_what_an_order_plans(self):
        for basis in ("unit", "order"):
            for scrap in (0, 7.5):
                for step in (0, 1, 6):
                    rule = {
                        "backflush_basis": basis,
                        "backflush_scrap": scrap,
                        "backflush_rounding": step,
                        "backflush_rounding_method": "up",
                    }
                    with self.subTest(**rule):
                        self.line.write(rule)
                        order = self._create_order(quantity=100, confirm=False)
                        planned = order.move_raw_ids[0].product_uom_qty
                        self.assertIn(f"{planned:g} Units of Board", self._read())

    def test_new_bom(self):
        """Nothing is saved, not even the BoM."""
        with Form(self.env["mrp.bom"]) as form:
            form.product_tmpl_id = self.chair.product_tmpl_id
            with form.bom_line_ids.new() as line:
                line.product_id = self.board
                line.product_qty = 7
            bom = form.save()
        self.assertTrue(
            bom.bom_line_ids.backflush_summary.startswith(
                "For 100 Units of Chair: 7 × 100 = 700 Units of Board."
            )
        )
        new = self.env["mrp.bom"].new(
            {
                "product_qty": 1,
                "bom_line_ids": [Command.create({"product_id": self.board.id})],
            }
        )
        self.assertTrue(new.bom_line_ids.backflush_summary)

    def test_number_format_and_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        lang = self.env["res.lang"]._lang_get("fr_FR")
        line = self.line.with_context(lang=lang.code)
        summary = self._read(line, product_qty=0.02, backflush_scrap=2.5)
        self.assertIn("2,05", summary)
