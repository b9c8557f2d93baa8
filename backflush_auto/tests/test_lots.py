from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import Form

from .common import BackflushCase


class LotCase(BackflushCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker.group_ids += cls.env.ref("stock.group_production_lot")
        cls.steel = cls._create_product("Steel", tracking="lot")
        cls.knife = cls._create_product("Knife")
        cls.knife_bom = cls._create_bom(cls.knife, [(cls.steel, 2)])

    def _consumed_lots(self, order):
        lines = order.move_raw_ids.move_line_ids
        return {line.lot_id.name: line.quantity for line in lines}

    def assertRefused(self, orders, *texts):
        with self.assertRaises(UserError) as error:
            orders.button_mark_done()
        for text in texts:
            self.assertIn(text, str(error.exception))


class TestLots(LotCase):
    def test_told_lots_add_up_to_what_is_expected(self):
        # 3 - 1.58 leaves 1.42, and 1.58 - 1.42 leaves 0.16 and binary noise.
        old = self._create_lot(self.steel, "old")
        day = datetime(2026, 1, 1)
        self._add_stock(self.steel, 3, lot_id=old, in_date=day)
        new = self._create_lot(self.steel, "new")
        self._add_stock(self.steel, 3, lot_id=new, in_date=day + timedelta(days=9))
        self.knife_bom.bom_line_ids.product_qty = 1.58
        order = self._create_order(self.knife, 2)
        order.backflush_post(quantity=1)
        [steel] = order.backflush_preview(quantity=1)["components"]
        told = {lot["name"]: lot["quantity"] for lot in steel["lots"]}
        self.assertEqual(told, {"old": 1.42, "new": 0.16})

    def test_first_in_first_out(self):
        now = datetime(2026, 1, 1)
        new = self._create_lot(self.steel, "new")
        old = self._create_lot(self.steel, "old")
        self._add_stock(self.steel, 10, lot_id=new, in_date=now)
        self._add_stock(self.steel, 5, lot_id=old, in_date=now - timedelta(days=9))
        order = self._create_order(self.knife, 4)
        self.assertFalse(order.move_raw_ids.move_line_ids)
        order.button_mark_done()
        self.assertEqual(self._consumed_lots(order), {"old": 5, "new": 3})

    def test_last_in_first_out(self):
        removal = self.env.ref("stock.removal_lifo")
        self.steel.categ_id = self.env["product.category"].create(
            {"name": "Metal", "removal_strategy_id": removal.id}
        )
        now = datetime(2026, 1, 1)
        new = self._create_lot(self.steel, "new")
        old = self._create_lot(self.steel, "old")
        self._add_stock(self.steel, 5, lot_id=old, in_date=now - timedelta(days=9))
        self._add_stock(self.steel, 5, lot_id=new, in_date=now)
        order = self._create_order(self.knife, 4)
        order.button_mark_done()
        self.assertEqual(self._consumed_lots(order), {"new": 5, "old": 3})

    def test_closest_location(self):
        self.stock_location.removal_strategy_id = self.env.ref("stock.removal_closest")
        far, near = self.env["stock.location"].create(
            [
                {"name": name, "location_id": self.stock_location.id}
                for name in ("Shelf B", "Shelf A")
            ]
        )
        self._create_lot(self.steel, "far", 5, far)
        self._create_lot(self.steel, "near", 5, near)
        order = self._create_order(self.knife, 4)
        order.button_mark_done()
        self.assertEqual(self._consumed_lots(order), {"near": 5, "far": 3})

    def test_fewest_packages(self):
        removal = self.env.ref("stock.removal_least_packages")
        self.board.categ_id = self.env["product.category"].create(
            {"name": "Wood", "removal_strategy_id": removal.id}
        )
        self._add_stock(self.bolt, 100)
        packages = self.env["stock.package"].create([{"name": n} for n in "ABC"])
        for package, quantity in zip(packages, (3, 3, 8), strict=True):
            self._add_stock(self.board, quantity, package_id=package)
        order = self._create_order(quantity=4)
        order.button_mark_done()
        self.assertEqual(
            self._component(order, self.board).move_line_ids.package_id, packages[2]
        )

    def test_reserved_lots_first(self):
        old = self._create_lot(self.steel, "old", 5)
        new = self._create_lot(self.steel, "new", 5)
        order = self._create_order(self.knife, 2)
        order.action_assign()
        order.move_raw_ids.move_line_ids.lot_id = new
        order.button_mark_done()
        self.assertEqual(self._consumed_lots(order), {"new": 4})
        self.assertEqual(self._on_hand(self.steel), 6)
        self.assertTrue(old.quant_ids.filtered(lambda quant: quant.quantity == 5))

    def test_reserved_lot_and_more(self):
        self._create_lot(self.steel, "old", 5)
        new = self._create_lot(self.steel, "new", 1)
        order = self._create_order(self.knife, 2)
        self.env["stock.move.line"].create(
            {
                "move_id": order.move_raw_ids.id,
                "product_id": self.steel.id,
                "lot_id": new.id,
                "quantity": 1,
            }
        )
        order.button_mark_done()
        self.assertEqual(self._consumed_lots(order), {"old": 3, "new": 1})

    def test_more_of_the_reserved_lot(self):
        """More of it came and an older one: the reserved line takes more of its own."""
        mine = self._create_lot(self.steel, "mine", 1)
        order = self._create_order(self.knife, 2)
        order.action_assign()
        line = order.move_raw_ids.move_line_ids
        older = self._create_lot(self.steel, "older")
        long_ago = datetime(2020, 1, 1)
        self._add_stock(self.steel, 5, lot_id=older, in_date=long_ago)
        self._add_stock(self.steel, 2, lot_id=mine)
        order.button_mark_done()
        self.assertEqual(line.quantity, 3)
        self.assertEqual(self._consumed_lots(order), {"mine": 3, "older": 1})
        self.assertEqual(self._reserved(self.steel), 0)

    def test_lots_entered_by_a_person(self):
        """The worker's lots and quantities are posted as they stand."""
        self._create_lot(self.steel, "old", 5)
        new = self._create_lot(self.steel, "new", 9)
        order = self._create_order(self.knife, 2)
        order.qty_producing = 2
        with Form(
            order.move_raw_ids.with_context(force_manual_consumption=True),
            view="mrp.view_stock_move_operations_raw",
        ) as form:
            with form.move_line_ids.new() as line:
                line.lot_id = new
                line.quantity = 7
        self._produce(order)
        self.assertEqual(self._consumed_lots(order), {"new": 7})
        self.assertEqual(order.backflush_ids.move_ids.backflush_variance_qty, 3)

    def test_lot_named_by_a_person(self):
        self._create_lot(self.steel, "old", 5)
        self._create_lot(self.steel, "new", 9)
        order = self._create_order(self.knife, 2)
        line = self.env["stock.move.line"].create(
            {
                "move_id": order.move_raw_ids.id,
                "product_id": self.steel.id,
                "lot_name": "new",
                "quantity": 4,
            }
        )
        self._produce(order)
        self.assertEqual(self._consumed_lots(order), {"new": 4})
        order = self._create_order(self.knife, 2)
        line.copy(
            {
                "move_id": order.move_raw_ids.id,
                "lot_id": False,
                "lot_name": "none such",
                "quantity": 4,
            }
        )
        self.assertRefused(order, "Steel: 4.00 Units needed, 0.00 free")

    def test_quantity_entered_without_lots(self):
        self._create_lot(self.steel, "old", 5)
        self._create_lot(self.steel, "new", 9)
        order = self._create_order(self.knife, 2)
        order.move_raw_ids.quantity = 6
        self._produce(order)
        self.assertEqual(self._consumed_lots(order), {"old": 5, "new": 1})

    def test_all_lacks_in_one_error(self):
        paint = self._create_product("Paint", tracking="lot")
        self.knife_bom.bom_line_ids = [
            (0, 0, {"product_id": paint.id, "product_qty": 1})
        ]
        self._create_lot(self.steel, "old", 5)
        order = self._create_order(self.knife, 10)
        self.assertRefused(
            order,
            "Steel: 20.00 Units needed, 5.00 free",
            "Paint: 10.00 Units needed, 0.00 free",
        )

    def test_lots_are_never_negative(self):
        self.knife_bom.backflush_shortage = "negative"
        self._create_lot(self.steel, "old", 5)
        order = self._create_order(self.knife, 10)
        self.assertRefused(order, "Steel: 20.00 Units needed, 5.00 free")

    def test_stock_without_lot_is_not_taken(self):
        self._add_stock(self.steel, 100)
        order = self._create_order(self.knife, 1)
        self.assertRefused(order, "Steel: 2.00 Units needed, 0.00 free")

    def test_lots_are_shared_between_orders(self):
        self._create_lot(self.steel, "old", 5)
        self._create_lot(self.steel, "new", 5)
        orders = self._create_order(self.knife, 2) | self._create_order(self.knife, 3)
        orders.button_mark_done()
        self.assertEqual(self._consumed_lots(orders[0]), {"old": 4})
        self.assertEqual(self._consumed_lots(orders[1]), {"old": 1, "new": 5})

    def test_owned_and_packed(self):
        owner = self.env["res.partner"].create({"name": "Owner"})
        package = self.env["stock.package"].create({"name": "Box"})
        lot = self._create_lot(self.steel, "old")
        self._add_stock(self.steel, 4, lot_id=lot, package_id=package, owner_id=owner)
        order = self._create_order(self.knife, 2)
        order.button_mark_done()
        line = order.move_raw_ids.move_line_ids
        self.assertEqual((line.package_id, line.owner_id), (package, owner))
        self.assertEqual(self._on_hand(self.steel), 0)

    def test_finished_lot(self):
        """Produce All makes the finished lot as Odoo does, in one click."""
        self.knife.tracking = "lot"
        self._create_lot(self.steel, "old", 50)
        order = self._create_order(self.knife, 10)
        self.assertIs(order.button_mark_done(), True)
        self.assertEqual(order.state, "done")
        self.assertTrue(order.lot_producing_ids)
        self.assertEqual(self._consumed_lots(order), {"old": 20})
        traced = order.move_finished_ids.move_line_ids.consume_line_ids
        self.assertEqual(traced, order.move_raw_ids.move_line_ids)


class TestExpiry(LotCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "use_expiration_date" not in cls.steel:
            cls.skipTest(cls, "product_expiry is not installed")
        cls.steel.write({"use_expiration_date": True, "expiration_time": 30})

    def _create_expiring_lot(self, name, quantity, days):
        date = datetime.now() + timedelta(days=days)
        return self._create_lot(
            self.steel, name, quantity, removal_date=date, expiration_date=date
        )

    def test_expired_lots_are_left_out(self):
        self._create_expiring_lot("expired", 50, -1)
        self._create_expiring_lot("fresh", 3, 10)
        order = self._create_order(self.knife, 1)
        order.button_mark_done()
        self.assertEqual(self._consumed_lots(order), {"fresh": 2})
        order = self._create_order(self.knife, 1)
        self.assertRefused(order, "Steel: 2.00 Units needed, 1.00 free")

    def test_first_expired_first_out(self):
        removal = self.env.ref("product_expiry.removal_fefo")
        self.stock_location.removal_strategy_id = removal
        self._create_expiring_lot("later", 3, 20)
        self._create_expiring_lot("sooner", 3, 10)
        order = self._create_order(self.knife, 2)
        order.button_mark_done()
        self.assertEqual(self._consumed_lots(order), {"sooner": 3, "later": 1})

    def test_an_expired_lot_named_by_a_person(self):
        """Odoo asks; the worker's answer stands."""
        expired = self._create_expiring_lot("expired", 50, -1)
        order = self._create_order(self.knife, 1)
        self.env["stock.move.line"].create(
            {
                "move_id": order.move_raw_ids.id,
                "product_id": self.steel.id,
                "lot_id": expired.id,
                "quantity": 2,
                "picked": True,
            }
        )
        order.with_context(skip_expired=True).button_mark_done()
        self.assertEqual(self._consumed_lots(order), {"expired": 2})


class TestSerials(LotCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.motor = cls._create_product("Motor", tracking="serial")
        cls.mixer = cls._create_product("Mixer")
        cls.mixer_bom = cls._create_bom(cls.mixer, [(cls.motor, 1)])

    def _create_serials(self, *names):
        return [self._create_lot(self.motor, name, 1) for name in names]

    def test_reserved_at_confirmation_as_ever(self):
        self._create_serials("S1", "S2", "S3")
        order = self._create_order(self.mixer, 2)
        self.assertEqual(self._reserved(self.motor), 2)
        order.button_mark_done()
        self.assertEqual(self._consumed_lots(order), {"S1": 1, "S2": 1})

    def test_part_with_backorder(self):
        self._create_serials("S1", "S2", "S3")
        order = self._create_order(self.mixer, 3)
        rest = self._produce(order, 1, backorder=True)
        self.assertEqual(sum(self._consumed_lots(order).values()), 1)
        self._produce(rest)
        self.assertEqual(sum(self._consumed_lots(rest).values()), 2)
        self.assertEqual(self._on_hand(self.motor), 0)

    def test_not_chosen_by_anyone(self):
        self._create_serials("S1")
        order = self._create_order(self.mixer, 2)
        self._create_serials("S2")
        self.assertRefused(
            order,
            "serial number",
            "Motor: 2.00 Units needed, 1.00 of them to be chosen from what is free in "
            "WH/Stock",
        )
        order.action_assign()
        order.button_mark_done()
        self.assertEqual(self._consumed_lots(order), {"S1": 1, "S2": 1})

    def test_chosen_where_the_company_says_so(self):
        self.env.company.backflush_serial_auto = True
        order = self._create_order(self.mixer, 2)
        self._create_serials("S1", "S2")
        order.button_mark_done()
        self.assertEqual(self._consumed_lots(order), {"S1": 1, "S2": 1})

    def test_finished_serials(self):
        """Serial-numbered goods: Odoo asks for the numbers, then the components go."""
        self.mixer.tracking = "serial"
        self._create_serials("S1", "S2")
        order = self._create_order(self.mixer, 1)
        self.assertIs(order.button_mark_done(), True)
        self.assertEqual(order.state, "done")
        self.assertEqual(len(self._consumed_lots(order)), 1)

    def test_many_finished_serials(self):
        self.mixer.tracking = "serial"
        self._create_serials("S1", "S2", "S3")
        order = self._create_order(self.mixer, 3)
        action = order.button_mark_done()
        self.assertEqual(action["res_model"], "mrp.production.serials")
        self.assertEqual(order.state, "confirmed")
        wizard = Form.from_action(self.env(user=self.worker), action)
        wizard.lot_name = "M1"
        wizard = wizard.save()
        wizard.action_generate_serial_numbers()
        wizard.action_apply()
        self._produce(order)
        self.assertEqual(order.state, "done")
        self.assertEqual(len(self._consumed_lots(order)), 3)
