from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.backflush_auto.tests.common import BackflushCase


class BomCheckCase(BackflushCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "backflush_manager", groups="mrp.group_mrp_manager"
        )
        cls.board_line, cls.bolt_line = cls.bom.bom_line_ids

    def _check(self, boms=None):
        """Click Check as a manager; the open findings."""
        boms = boms or self.bom
        boms.with_user(self.manager).action_backflush_check()
        return self._get_findings(boms)

    def _get_findings(self, boms=None, state="open"):
        return (boms or self.bom).backflush_finding_ids.filtered(
            lambda finding: finding.state == state
        )

    def _add_operations(self, *names, bom=None):
        center = self.env["mrp.workcenter"].create({"name": "Bench"})
        return self.env["mrp.routing.workcenter"].create(
            [
                {
                    "name": name,
                    "bom_id": (bom or self.bom).id,
                    "workcenter_id": center.id,
                }
                for name in names
            ]
        )

    def _make_kit(self, name, components, **values):
        product = self._create_product(name)
        kit = self._create_bom(product, components, type="phantom", **values)
        return product, kit

    def _use_kit(self, product, **values):
        self.bom.bom_line_ids = [
            Command.create({"product_id": product.id, "product_qty": 1, **values})
        ]
        return self.bom.bom_line_ids[-1]

    def _sell_in_sizes(self, create_variant="always"):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Size",
                "create_variant": create_variant,
                "value_ids": [
                    Command.create({"name": "Small"}),
                    Command.create({"name": "Large"}),
                ],
            }
        )
        line = {
            "attribute_id": attribute.id,
            "value_ids": [Command.set(attribute.value_ids.ids)],
        }
        template = self.env["product.template"].create(
            {
                "name": "Stool",
                "is_storable": True,
                "attribute_line_ids": [Command.create(line)],
            }
        )
        self.bom.product_tmpl_id = template
        return template.attribute_line_ids.product_template_value_ids

    def assertFinds(self, kind, line, severity, text, boms=None):
        """One finding of this kind, and no other."""
        findings = self._check(boms)
        self.assertEqual(findings.mapped("kind"), [kind])
        self.assertEqual(findings.bom_line_id, line)
        self.assertEqual(findings.severity, severity)
        self.assertIn(text, findings.message)
        self.assertTrue(findings.advice)
        return findings

    def assertAllWell(self, boms=None):
        findings = self._check(boms)
        self.assertFalse(findings, findings.mapped("message"))

    def assertMended(self, finding):
        self.assertAllWell(finding.bom_id)
        self.assertEqual(finding.state, "closed")
