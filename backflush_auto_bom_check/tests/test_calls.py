from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BomCheckCase


@tagged("post_install", "-at_install")
class TestCalls(BomCheckCase):
    """Methods called on none or on several records."""

    METHODS = {
        "mrp.bom": (
            "action_backflush_on",
            "action_backflush_off",
            "action_backflush_check",
            "action_view_backflush_findings",
        ),
        "mrp.backflush.finding": ("action_open", "action_ignore", "action_reopen"),
    }

    def _call_all(self, records):
        for name in self.METHODS[records._name]:
            with self.subTest(model=records._name, method=name):
                try:
                    getattr(records, name)()
                except UserError as refusal:
                    self.assertNotIn("singleton", str(refusal))

    def _check_two(self):
        """Check two bills of materials with a finding each."""
        second = self._create_bom(self._create_product("Table"), [(self.board, 0)])
        self.bolt_line.product_qty = 0
        boms = (self.bom | second).with_user(self.manager)
        boms.action_backflush_check()
        return boms

    def test_on_none(self):
        for model in self.METHODS:
            self._call_all(self.env[model])

    def test_on_two(self):
        boms = self._check_two()
        findings = boms.backflush_finding_ids
        self.assertEqual(len(findings), 2)
        self._call_all(findings)
        self._call_all(boms)

    def test_several_findings_are_opened(self):
        boms = self._check_two()
        action = boms.backflush_finding_ids.action_open()
        self.assertEqual(action["res_model"], "mrp.bom")
        self.assertEqual(set(action["domain"][0][2]), set(boms.ids))
