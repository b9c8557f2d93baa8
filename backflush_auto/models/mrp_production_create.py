from odoo import Command, models

from ..batch import is_overridden


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class MrpProduction(models.Model):
    """Orders that are created together: so are their components and finished goods.

    Odoo creates those of each order by themselves, which is half of the time that
    orders from reports take before they are confirmed.
    """

    _inherit = "mrp.production"

    def _compute_move_raw_ids(self):
        fresh = self.browse()
        if not self.env.context.get("skip_compute_move_raw_ids"):
            fresh = self._filter_backflush_fresh("move_raw_ids")
        fresh._create_backflush_moves(
            "move_raw_ids", {order: order._get_moves_raw_values() for order in fresh}
        )
        return super(MrpProduction, self - fresh)._compute_move_raw_ids()

    def _compute_move_finished_ids(self):
        fresh = self._filter_backflush_fresh("move_finished_ids")
        fresh -= self.browse(self.env.context.get("ignore_mo_ids", ()))
        fresh._create_backflush_moves(
            "move_finished_ids",
            {order: order._get_moves_finished_values() for order in fresh},
        )
        return super(MrpProduction, self - fresh)._compute_move_finished_ids()

    def _filter_backflush_fresh(self, name):
        """The new orders that have no moves yet, where there are several.

        :param name: of the field of the moves
        """
        fresh = self.filtered(
            lambda order: (
                order.id
                and order.state == "draft"
                and order.backflush
                and order.product_id
                and order.product_qty > 0
                and not order[name]
            )
        )
        compute = self._fields[name].compute
        known = not is_overridden(self, compute, "mrp", "backflush_auto")
        return fresh if known and len(fresh) > 1 else self.browse()

    def _create_backflush_moves(self, name, values):
        """Create the moves of all these orders at once.

        :param name: of the field of the moves
        :param values: ``{order: list of values}``
        """
        commands = [(o, [Command.create(vals) for vals in values[o]]) for o in self]
        self._fields[name].write_batch(commands)
