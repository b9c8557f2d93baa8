from unittest.mock import patch

from .test_deferral import DeferralCase


class TestOwnedDebts(DeferralCase):
    """Another addon reserves no goods of others; they pay no debts, either."""

    def setUp(self):
        super().setUp()

        def assign(original, moves, *args, **kwargs):
            return original(moves.with_context(owned="no"), *args, **kwargs)

        def gather(original, quants, *args, **kwargs):
            found = original(quants, *args, **kwargs)
            if quants.env.context.get("owned") != "no":
                return found
            return found.filtered(lambda quant: not quant.owner_id)

        self._extend("stock.move", "_action_assign", assign)
        self._extend("stock.quant", "_gather", gather)

    def _extend(self, model, name, method):
        cls = type(self.env[model])
        original = getattr(cls, name)

        def extended(records, *args, **kwargs):
            return method(original, records, *args, **kwargs)

        self.enterContext(patch.object(cls, name, extended))

    def test_only_own_goods_pay(self):
        order = self._create_order(quantity=10)
        order.backflush_post(10)
        debt = self._get_debts(order)
        owner = self.env["res.partner"].create({"name": "Owner"})
        receipt = self._prepare_receipt(self.board, 30)
        receipt.move_ids.move_line_ids.sudo().owner_id = owner
        receipt.button_validate()
        self.assertEqual((self._on_hand(self.board), debt.quantity), (30, 20))
        self._receive(self.board, 8)
        self.assertEqual((self._on_hand(self.board), debt.quantity), (30, 12))
        self._receive(self.board, 20)
        self.assertEqual((self._on_hand(self.board), debt.state), (38, "done"))
        lines = order.move_raw_ids.move_line_ids
        self.assertFalse(lines.owner_id)
