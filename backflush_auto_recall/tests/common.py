from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.addons.backflush_auto.tests.common import BackflushCase


class RecallCase(BackflushCase):
    """Boards have lots, chairs too; each step comes an hour after the one before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board.tracking = cls.chair.tracking = "lot"
        cls.worker.group_ids |= cls.env.ref("stock.group_production_lot")
        cls.hours = 0
        with cls._later():
            cls._add_stock(cls.bolt, 10000)

    @classmethod
    def _later(cls):
        """An hour after the step before."""
        cls.hours += 1
        return freeze_time(datetime(2026, 1, 1) + timedelta(hours=cls.hours))

    def setUp(self):
        super().setUp()
        self.customers = self.env.ref("stock.stock_location_customers")
        self.suppliers = self.env.ref("stock.stock_location_suppliers")

    def _bring(self, name, quantity=10, product=None, location=None):
        """A receipt of a new lot."""
        product = product or self.board
        lot = self._create_lot(product, name)
        self._move(lot, quantity, self.suppliers, location or self.stock_location)
        return lot

    def _move(self, lot, quantity, source, target, partner=None):
        picking_type = {
            self.suppliers: self.warehouse.in_type_id,
            self.customers: self.warehouse.out_type_id,
        }.get(
            source if source == self.suppliers else target, self.warehouse.int_type_id
        )
        with self._later():
            picking = self.env["stock.picking"].create(
                {
                    "picking_type_id": picking_type.id,
                    "location_id": source.id,
                    "location_dest_id": target.id,
                    "partner_id": partner and partner.id,
                }
            )
            move = self.env["stock.move"].create(
                {
                    "product_id": lot.product_id.id,
                    "product_uom_qty": quantity,
                    "location_id": source.id,
                    "location_dest_id": target.id,
                    "picking_id": picking.id,
                }
            )
            picking.action_confirm()
            move.move_line_ids.unlink()
            self.env["stock.move.line"].create(
                {
                    "move_id": move.id,
                    "product_id": lot.product_id.id,
                    "lot_id": lot.id,
                    "quantity": quantity,
                    "location_id": source.id,
                    "location_dest_id": target.id,
                    "picking_id": picking.id,
                }
            )
            move.picked = True
            picking._action_done()
        return picking

    def _count(self, lot, quantity, location=None):
        """An inventory of a lot."""
        with self._later():
            quant = self.env["stock.quant"].search(
                [
                    ("lot_id", "=", lot.id),
                    ("location_id", "=", (location or self.stock_location).id),
                ]
            )
            quant.inventory_quantity = quantity
            quant.action_apply_inventory()

    def _make(self, name, quantity=1, product=None, boards=(), lots=True):
        """Report a new order.

        :param boards: names of the lots of boards that were named, two in all
        :return: the finished lot; the order where ``lots`` is not set
        """
        product = product or self.chair
        components = [
            {
                "product_id": self.board.id,
                "quantity": 2 * quantity,
                "lots": [{"name": n, "quantity": 2 * quantity / len(boards)}],
            }
            for n in boards
        ]
        with self._later():
            order = self._create_order(product, quantity)
            order.backflush_post(
                lot_names=[name] if lots else [], components=components
            )
        return order.lot_producing_ids if lots else order

    def _recall(self, lots, button="action_backflush_recall"):
        """What a recall finds.

        :return: ``mrp.backflush.recall.line`` recordset, of the worker
        """
        action = getattr(lots.with_user(self.worker), button)()
        return (
            self.env["mrp.backflush.recall.line"]
            .with_user(self.worker)
            .search(action["domain"])
        )

    def _get_lots(self, lines):
        """``{name of a lot: certainty}`` of what was found."""
        return {
            line.lot_id.name: line.certainty
            for line in lines.filtered(lambda line: line.kind == "lot")
        }
