from odoo.tests import Form, tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestFormNumbers(BackflushCase):
    """What the form shows, saved or while a person types, is what a posting takes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 10000)
        cls._add_stock(cls.bolt, 10000)

    def _read_lines(self, form):
        """The numbers of the open components on a form, saved or not."""
        lines = []
        for number in range(len(form.move_raw_ids)):
            with form.move_raw_ids.edit(number) as line:
                if line.state not in ("done", "cancel"):
                    lines.append(
                        {
                            "product": line.product_id.display_name,
                            "expected": line.backflush_due_qty,
                            "target": line.backflush_target_qty,
                            "covered": line.backflush_covered_qty,
                        }
                    )
        return sorted(lines, key=lambda line: line["product"])

    def test_typing_on_an_order_in_parts(self):
        order = self._create_order(quantity=20)
        order.backflush_post(quantity=12)
        with Form(order) as form:
            form.qty_producing = 14
            self.assertEqual(
                self._read_lines(form),
                [
                    {"product": "Board", "expected": 4, "target": 28, "covered": 24},
                    {"product": "Bolt", "expected": 8, "target": 56, "covered": 48},
                ],
            )
