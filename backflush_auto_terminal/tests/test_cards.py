from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.backflush_auto.errors import refuse

from .common import TerminalCase


@tagged("post_install", "-at_install")
class TestCards(TerminalCase):
    """The orders that a terminal shows."""

    def test_a_card(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_due("LINE/1")
        order.backflush_post(30, scrap=[{"quantity": 2}])
        card = self._read()["LINE/1"]
        self.assertEqual(card["id"], order.id)
        self.assertEqual(card["product"], "Chair")
        self.assertEqual(card["uom"], self.unit.name)
        self.assertEqual(card["state"], "progress")
        quantities = ("quantity", "qty_produced", "qty_scrapped", "qty_remaining")
        self.assertEqual([card[name] for name in quantities], [100, 30, 2, 68])
        self.assertFalse(card["short"])
        self.assertEqual((card["components"], card["workorders"]), ([], []))

    def test_what_may_be_damaged(self):
        """Each component once, in the unit of the line that it would be taken from."""
        self.bom.bom_line_ids[0].copy({"product_uom_id": self.dozen.id})
        order = self._create_due("LINE/1")
        self._component(order, self.bolt)._action_cancel()
        self.assertEqual(
            self._read()["LINE/1"]["damageable"],
            [
                {
                    "product_id": self.board.id,
                    "product": "Board",
                    "uom": order._find_backflush_damageable(
                        self.board
                    ).product_uom.name,
                    "tracking": "none",
                }
            ],
        )

    def test_a_shortage_is_hinted_at(self):
        self._create_due("LINE/1")
        self.assertTrue(self._read()["LINE/1"]["short"])

    def test_what_is_due_today(self):
        self._create_due("LINE/TODAY")
        self._create_due("LINE/LATE", days=-3)
        self._create_due("LINE/LATER", days=3)
        self._create_due("LINE/OFF", backflush=False)
        self._create_due("LINE/DRAFT", confirm=False)
        cards = self._read()
        self.assertTrue({"LINE/TODAY", "LINE/LATE"} <= set(cards))
        self.assertFalse({"LINE/LATER", "LINE/OFF", "LINE/DRAFT"} & set(cards))

    def test_the_day_is_the_users(self):
        self.worker.tz = "Pacific/Kiritimati"  # UTC+14
        cards = self.orders._get_backflush_due_domain()
        self.worker.tz = "Pacific/Pago_Pago"  # UTC-11
        others = self.orders.with_context(tz=False)._get_backflush_due_domain()
        self.assertNotEqual(cards, others)

    def test_a_search_finds_what_is_due_later(self):
        self._create_due("LINE/LATER", days=3)
        self.assertEqual(list(self._read(search="ine/lat")), ["LINE/LATER"])
        self.assertIn("LINE/LATER", self._read(search="chair"))
        self.assertEqual(self._read(search="nothing is called so"), {})

    def test_hostile_names_are_plain_text(self):
        self.chair.name = "<b>Chair</b> % _ ' \\"
        self._create_due("LINE/<b>")
        card = self._read(search="LINE/<b>")["LINE/<b>"]
        self.assertEqual(card["product"], "<b>Chair</b> % _ ' \\")

    def test_there_are_more(self):
        for number in range(3):
            self._create_due(f"LINE/{number}")
        answer = self.orders.backflush_terminal_orders(search="LINE/", limit=2)
        self.assertEqual(len(answer["orders"]), 2)
        self.assertTrue(answer["more"])

    def test_stations(self):
        bom = self._create_table()
        self._create_due("LINE/TABLE", 10, product=self.table, bom=bom)
        self._create_due("LINE/CHAIR")
        type_id = self.warehouse.manu_type_id.id
        self.assertEqual(list(self._read(workcenter_id=self.saw.id)), ["LINE/TABLE"])
        names = set(self._read(picking_type_id=type_id))
        self.assertTrue({"LINE/TABLE", "LINE/CHAIR"} <= names)
        other = self.warehouse.manu_type_id.copy({"name": "Other"})
        self.assertEqual(self._read(picking_type_id=other.id), {})

    def test_work_orders(self):
        bom = self._create_table()
        for product, quantity in ((self.top, 10), (self.leg, 40)):
            self._add_stock(product, quantity)
        order = self._create_due("LINE/TABLE", 10, product=self.table, bom=bom)
        cut = order.workorder_ids[0]
        order.backflush_post(4, workorder_id=cut.id)
        works = self._read()["LINE/TABLE"]["workorders"]
        self.assertEqual([work["name"] for work in works], ["Cut", "Glue"])
        self.assertEqual([work["qty_remaining"] for work in works], [6, 10])
        self.assertEqual([work["last"] for work in works], [False, True])
        self.assertEqual(works[0]["workcenter_id"], self.saw.id)

    def test_settings(self):
        self._create_table()
        self.env["stock.scrap.reason.tag"].create({"name": "Dent of the line"})
        settings = self.orders.backflush_terminal_settings()
        self.assertEqual(settings["user_id"], self.worker.id)
        self.assertEqual(settings["workcenters"], [])
        self.assertIn("Dent of the line", settings["reasons"])
        types = [it["id"] for it in settings["picking_types"]]
        self.assertIn(self.warehouse.manu_type_id.id, types)
        orders = self.orders.with_user(self.routing_worker)
        centers = orders.backflush_terminal_settings()["workcenters"]
        self.assertIn({"id": self.saw.id, "name": "Saw"}, centers)

    def test_who_is_logged_in(self):
        self.assertEqual(self.orders.backflush_terminal_user(), self.worker.id)

    def test_buttons_open_the_terminal_of_their_station(self):
        self._create_table()
        action = self.saw.with_user(self.worker).action_backflush_terminal()
        self.assertEqual(action["tag"], "backflush_terminal")
        self.assertEqual(action["params"], {"workcenter_id": self.saw.id})
        picking_type = self.warehouse.manu_type_id
        action = picking_type.with_user(self.worker).action_backflush_terminal()
        self.assertEqual(action["params"], {"picking_type_id": picking_type.id})

    def test_hostile_input(self):
        for values in (
            {"workcenter_id": "1"},
            {"workcenter_id": -1},
            {"picking_type_id": 2**40},
            {"picking_type_id": [1]},
            {"search": 5},
            {"search": "a" * 300},
            {"search": "\0"},
            {"limit": "all"},
            {"limit": None},
            {"order": "id desc"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.orders.backflush_terminal_orders(**values)

    def test_a_limit_has_limits(self):
        self._create_due("LINE/1")
        self._create_due("LINE/2")
        self.assertEqual(
            len(self.orders.backflush_terminal_orders(limit=0)["orders"]), 1
        )

    def test_rights_are_odoos(self):
        nobody = new_test_user(self.env, "backflush_nobody", groups="base.group_user")
        orders = self.orders.with_user(nobody)
        for method in ("backflush_terminal_orders", "backflush_terminal_settings"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(orders, method)()

    def test_orders_of_other_companies_are_not_read(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._create_due("LINE/1")
        manager = new_test_user(
            self.env,
            "backflush_other_company",
            groups=self._get_worker_groups(),
            company_id=company.id,
            company_ids=company.ids,
        )
        orders = self.orders.with_user(manager)
        answer = orders.backflush_terminal_orders(search="LINE/1")
        self.assertEqual(answer["orders"], [])

    def test_queries_do_not_grow_with_orders(self):
        bom = self._create_table()
        counts = []
        for number in (3, 9):
            for index in range(number):
                self._create_due(f"Q{number}/{index}")
                self._create_due(f"Q{number}/T{index}", 10, product=self.table, bom=bom)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            cards = self.orders.backflush_terminal_orders(search=f"Q{number}/")
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(cards["orders"]), 2 * number)
        # A query for each order would be twelve more.
        self.assertLess(counts[1] - counts[0], 6)

    def test_a_refusal_says_of_what_kind_it_is(self):
        error = refuse("Short", "shortage", components=[])
        self.assertEqual(
            error.context, {"backflush": {"type": "shortage", "components": []}}
        )
