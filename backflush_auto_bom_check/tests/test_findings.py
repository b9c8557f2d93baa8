from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import BomCheckCase


@tagged("post_install", "-at_install")
class TestBomCheckLife(BomCheckCase):
    """Findings over several checks, who is told, and who may do what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engineer = new_test_user(
            cls.env, "backflush_engineer", groups="mrp.group_mrp_user"
        )
        cls.bom.backflush_responsible_id = cls.engineer

    def _get_activities(self, bom=None):
        return self.env["mail.activity"].search(
            [("res_model", "=", "mrp.bom"), ("res_id", "=", (bom or self.bom).id)]
        )

    def test_check_again(self):
        self.board_line.product_qty = 0
        first = self._check()
        self.assertEqual(self._check(), first)
        self.assertEqual(len(self.bom.backflush_finding_ids), 1)
        self.assertEqual(self.bom.backflush_finding_count, 1)

    def test_found_again(self):
        self.board_line.product_qty = 0
        finding = self._check()
        self.board_line.product_qty = 2
        self.assertMended(finding)
        self.board_line.product_qty = 0
        self.assertEqual(self._check(), finding)
        self.assertEqual(finding.state, "open")

    def test_ignored_stays_ignored(self):
        self.board_line.copy()
        finding = self._check()
        finding.with_user(self.manager).action_ignore()
        self.assertFalse(self._check())
        self.assertRecordValues(
            finding, [{"state": "ignored", "ignore_user_id": self.manager.id}]
        )
        self.assertTrue(finding.ignore_date)
        finding.with_user(self.manager).action_reopen()
        self.assertEqual(self._check(), finding)
        self.assertFalse(finding.ignore_user_id)

    def test_ignored_until_it_is_another_matter(self):
        order = self._create_order()
        self.board_line.product_qty = 3
        finding = self._check()
        finding.with_user(self.manager).action_ignore()
        self.assertFalse(self._check())
        self.board_line.product_qty = 2
        later = self._create_order()
        self.board_line.product_qty = 3
        self.assertEqual(self._check(), finding)
        self.assertEqual(finding.order_ids, (order | later).sudo())

    def test_switched_off(self):
        self.board_line.product_qty = 0
        finding = self._check()
        self.bom.backflush = False
        self.assertMended(finding)

    def test_line_deleted(self):
        self.board_line.product_qty = 0
        finding = self._check()
        self.board_line.unlink()
        self.assertFalse(finding.exists())

    def test_kits_and_archived_boms_are_not_checked(self):
        _product, kit = self._make_kit("Fittings", [(self.board, 0)])
        kit.backflush = True
        self.assertAllWell(kit)
        self.board_line.product_qty = 0
        self.bom.active = False
        self.assertAllWell()

    def test_subcontracting(self):
        if "subcontract" not in dict(self.bom._fields["type"].selection):
            self.skipTest("mrp_subcontracting is not installed")
        self.bom.type = "subcontract"
        self.board.write({"tracking": "lot", "backflush_method": "operation"})
        self.assertAllWell()
        self.board_line.product_qty = 0
        self.assertFinds("zero", self.board_line, "error", "Board")

    def test_text_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.board_line.write(
            {
                "product_qty": 0.4,
                "backflush_rounding": 1,
                "backflush_rounding_method": "down",
            }
        )
        finding = self._check()
        self.assertIn("0.4", finding.message)
        self.assertIn("0,4", finding.with_context(lang="de_DE").message)

    # --- Who is told ---

    def test_one_activity(self):
        self.board_line.product_qty = 0
        self._check()
        activity = self._get_activities()
        self.assertRecordValues(
            activity,
            [{"user_id": self.engineer.id, "res_name": self.bom.display_name}],
        )
        self.assertIn("Board has the quantity 0", activity.note)
        self.bolt_line.product_qty = 0
        self._check()
        self.assertEqual(self._get_activities(), activity)
        self.assertIn("Bolt has the quantity 0", activity.note)
        self.bom.bom_line_ids.product_qty = 1
        self._check()
        self.assertFalse(self._get_activities())
        self.assertIn("Nothing is left", self.bom.message_ids[0].body)

    def test_activity_that_is_done_is_not_made_again(self):
        self.board_line.product_qty = 0
        self._check()
        self._get_activities().action_done()
        self._check()
        self.assertFalse(self._get_activities())
        self.bolt_line.product_qty = 0
        self._check()
        self.assertEqual(len(self._get_activities()), 1)

    def test_activity_ends_when_all_is_ignored(self):
        self.board_line.product_qty = 0
        finding = self._check().with_user(self.manager)
        finding.action_ignore()
        self.assertFalse(self._get_activities())
        finding.action_reopen()
        self.assertEqual(len(self._get_activities()), 1)

    def test_information_is_no_activity(self):
        self.board.is_storable = False
        self.assertEqual(self._check().severity, "info")
        self.assertFalse(self._get_activities())

    def test_responsible_of_the_product(self):
        self.bom.backflush_responsible_id = False
        self.chair.product_tmpl_id.responsible_id = self.manager
        self.board_line.product_qty = 0
        self._check()
        self.assertEqual(self._get_activities().user_id, self.manager)
        self.bom.backflush_responsible_id = self.engineer
        self.assertEqual(self._get_activities().user_id, self.engineer)

    def test_nobody_is_responsible(self):
        self.bom.backflush_responsible_id = False
        self.chair.product_tmpl_id.responsible_id = False
        self.board_line.product_qty = 0
        self._check()
        self.assertFalse(self._get_activities())
        self.bom.backflush_responsible_id = self.engineer
        self._check()
        self.assertEqual(self._get_activities().user_id, self.engineer)

    def test_responsible_who_cannot_read_it(self):
        self.bom.backflush_responsible_id = new_test_user(
            self.env, "backflush_buyer", groups="base.group_user"
        )
        self.board_line.product_qty = 0
        self.assertTrue(self._check())
        self.assertFalse(self._get_activities())

    # --- The scheduled check, and the switch ---

    def _run_scheduled_check(self):
        cron = self.env.ref("backflush_auto_bom_check.ir_cron_check_backflush")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def test_scheduled_check(self):
        other = self._create_bom(self._create_product("Table"), [(self.board, 0)])
        self.board_line.product_qty = 0
        self._run_scheduled_check()
        self.assertEqual(len(self._get_findings(self.bom | other)), 2)
        self.assertEqual(len(self._get_activities()), 1)

    def test_scheduled_check_closes_what_is_over(self):
        self.board_line.product_qty = 0
        finding = self._check()
        self.bom.backflush = False
        self._run_scheduled_check()
        self.assertEqual(finding.state, "closed")
        self.assertFalse(self._get_activities())

    def test_scheduled_check_goes_on_where_it_stopped(self):
        others = [
            self._create_bom(self._create_product(f"Table {n}"), [(self.board, 0)])
            for n in range(3)
        ]
        cursor = self.env.ref("backflush_auto_bom_check.bom_check_cursor")
        cursor.value = str(others[0].id)
        self._run_scheduled_check()
        self.assertFalse(self._get_findings(others[0]))
        self.assertEqual(len(self._get_findings(others[1] | others[2])), 2)
        self.assertEqual(cursor.value, "0", "the next one begins anew")

    def test_switch_on_tells_findings(self):
        self.bom.backflush = False
        self.board_line.product_qty = 0
        action = self.bom.with_user(self.manager).action_backflush_on()
        self.assertIn("findings (1)", action["params"]["message"])
        self.assertEqual(action["params"]["links"][0]["url"], "/odoo/bom-check")

    def test_saving_the_bom_checks_again(self):
        """What was mended is listed no more; a BoM without findings is not checked."""
        line = {"bom_line_ids": [(1, self.board_line.id, {"product_qty": 0})]}
        self.bom.write(line)
        self.assertFalse(self.bom.backflush_finding_ids)
        self.bom._check_backflush()
        self.assertEqual(self.bom.backflush_finding_ids.state, "open")
        manager = self.bom.with_user(self.manager)
        manager.write({"code": "OAK"})
        self.assertEqual(self.bom.backflush_finding_ids.state, "open")
        line["bom_line_ids"][0][2]["product_qty"] = 2
        manager.write(line)
        self.assertEqual(self.bom.backflush_finding_ids.state, "closed")

    def test_findings_of_one_bom(self):
        """They need not name it; those of several do."""
        other = self.bom.copy()
        for boms, one_bom in ((self.bom, True), (self.bom | other, False)):
            action = boms.action_view_backflush_findings()
            self.assertEqual(action["context"]["one_bom"], one_bom)

    def test_check_opens_the_findings(self):
        self.board_line.product_qty = 0
        action = self.bom.with_user(self.manager).action_backflush_check()
        self.assertEqual(action["res_model"], "mrp.backflush.finding")
        self.assertEqual(action["domain"], [("bom_id", "in", self.bom.ids)])

    # --- Rights ---

    def test_rights(self):
        self.board_line.product_qty = 0
        finding = self._check().with_user(self.worker)
        self.assertIn("Board", finding.message)
        self.assertEqual(self.bom.with_user(self.worker).backflush_finding_count, 1)
        with self.assertRaises(AccessError):
            self.bom.with_user(self.worker).action_backflush_check()
        with self.assertRaises(AccessError):
            finding.action_ignore()
        for user in (self.worker, self.manager):
            finding = finding.with_user(user)
            with self.assertRaises(AccessError):
                finding.state = "closed"
            with self.assertRaises(AccessError):
                finding.unlink()
            with self.assertRaises(AccessError):
                finding.create({"bom_id": self.bom.id, "kind": "zero"})

    def test_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreigner = new_test_user(
            self.env,
            "backflush_foreigner",
            groups="mrp.group_mrp_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        self.bom.company_id = self.env.company
        shared = self._create_bom(
            self._create_product("Table"), [(self.board, 0)], company_id=False
        )
        self.board_line.product_qty = 0
        self._check(self.bom | shared)
        seen = self.env["mrp.backflush.finding"].with_user(foreigner).search([])
        self.assertEqual(seen.bom_id, shared)
        self.bom.company_id = False
        self.assertFalse(self.bom.backflush_finding_ids.company_id)

    # --- How much ---

    def _count_queries(self, number):
        boms = self.env["mrp.bom"]
        for position in range(number):
            screw = self._create_product("Screw", tracking="lot")
            kit, _bom = self._make_kit("Fittings", [(screw, 1), (self.bolt, 1)])
            product = self._create_product(f"Chair {position}")
            components = [(kit, 1), (self.board, 1), (self.bolt, 2)]
            boms |= self._create_bom(product, components)
            self._create_order(product)
        boms.bom_line_ids.write({"product_qty": 1})
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        boms._check_backflush()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_slope(self):
        self._count_queries(1)
        one, twenty = self._count_queries(1), self._count_queries(20)
        self.assertLessEqual((twenty - one) / 19, 2, f"{one}, {twenty}")
