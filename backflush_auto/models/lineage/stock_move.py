from odoo import models
from odoo.fields import Domain

from ...context import get_private, with_private
from ...engine.due import get_due
from ...engine.rule import Count
from ..record.guards import check_recorded


class StockMove(models.Model):
    """Components of orders that were split from one: together they are one component.

    ``backflush_origin_id`` joins the parts of a component inside its order, and
    ``backflush_root_id`` the components of the orders that were split from one.
    """

    _inherit = "stock.move"

    def _get_backflush_key(self):
        """What tells this component from others, also while a person edits a form."""
        return self._get_backflush_origin().id

    def _get_backflush_root(self):
        """The component of the order that all of its orders were split from."""
        origin = self._get_backflush_origin()._origin
        return origin.sudo().backflush_root_id or origin

    def _prepare_backflush_kept_vals(self):
        """Values that Odoo does not copy, and that all keep that are split from this.

        Other addons extend it with theirs. By this field OCA's ``stock_restrict_lot``
        says which lot a component takes.
        """
        if "restrict_lot_id" not in self._fields:
            return {}
        return {"restrict_lot_id": self.restrict_lot_id.id}

    def _prepare_backflush_backorder_vals(self):
        """Values by which the component of a backorder knows what it was split from."""
        return {
            **self._prepare_backflush_kept_vals(),
            "backflush_origin_id": self._get_backflush_origin().id,
            "backflush_root_id": self._get_backflush_root().id,
        }

    def _may_backflush_be_split(self):
        """Whether orders may have been split from that of this component."""
        self.ensure_one()
        return bool(
            self.raw_material_production_id.backorder_sequence
            or self._get_backflush_origin().backflush_root_id
        )

    def _check_backflush_lineage(self, vals_list):
        """Refuse new components that count with those of an order they are not of.

        Only the split of an order makes such: whoever could, would have others consume
        less.

        :param vals_list: values of moves that are about to be created
        :raises AccessError: that names the field
        """
        if get_private(self.env, "keep_ratio"):
            return
        for vals in vals_list:
            origin = self.browse(vals.get("backflush_origin_id") or ()).sudo()
            order_id = origin.raw_material_production_id.id
            is_part = (
                vals.get("raw_material_production_id") == order_id
                and vals.get("product_id") == origin.product_id.id
            )
            names = {"backflush_root_id"}
            if origin and not is_part:
                names.add("backflush_origin_id")
            check_recorded(self, {name for name in names if vals.get(name)}, [vals])

    # --- The count ---

    def _get_backflush_counts(self, quantities=None):
        """What was reported and dealt with so far, for each of these components.

        :param quantities: ``{order: quantity}`` of orders whose quantity is about to
            change, in their unit
        :return: ``{move: Count}``; moves that are counted together have one in common
        """
        quantities = quantities or {}
        orders = self.raw_material_production_id
        # Below, they are asked component by component: here those of all are read.
        orders.move_finished_ids.mapped("state")
        parts = orders.move_raw_ids._group_backflush_parts()
        relatives = self._find_backflush_relatives(parts)
        counts, by_pool = {}, {}
        for move in self:
            key = move._get_backflush_key()
            members = relatives.get(key) or {key: parts.get(key, move)}
            pool = move._get_backflush_pool(key in relatives)
            if pool not in by_pool:
                by_pool[pool] = move._make_backflush_count(pool, members, quantities)
            counts[move] = by_pool[pool]
        return counts

    def _group_backflush_parts(self):
        """The moves that together are one component, by its key."""
        return self.grouped(lambda move: move._get_backflush_key())

    def _find_backflush_relatives(self, parts):
        """The components of all orders that were split from the same one as these.

        :param parts: ``{key: moves}`` of the orders of these components
        :return: ``{key: {key of a relative: its moves}}``, for those that were split
        """
        split = self.filtered(lambda move: move._may_backflush_be_split())
        roots = split.browse().union(*(move._get_backflush_root() for move in split))
        if not roots:
            return {}
        # How far another order is counts, whoever may read it.
        known = roots.sudo().search(
            Domain("id", "in", roots.ids) | Domain("backflush_root_id", "in", roots.ids)
        )
        orders = known.raw_material_production_id.sorted("id")
        found = {**orders.move_raw_ids._group_backflush_parts(), **parts}
        by_root = known.grouped(lambda move: move._get_backflush_root().id)
        members = {
            root: {move.id: found[move.id] for move in moves if move.id in found}
            for root, moves in by_root.items()
        }
        return {
            move._get_backflush_key(): members[move._get_backflush_root().id]
            for move in split
            if len(members.get(move._get_backflush_root().id, ())) > 1
        }

    def _get_backflush_pool(self, is_split):
        """What the components that are counted together have in common.

        An order whose recipe was edited goes on by itself; but what is taken once for
        the order is taken once for all that were split from it.

        :param is_split: whether there are others
        """
        self.ensure_one()
        if not is_split:
            return (self._get_backflush_key(),)
        root = self._get_backflush_root().id
        rule = self._get_backflush_rule()
        if rule.per_order:
            return root, "once"
        # A rule that is made again, from the BoM, may differ in its last binary digit.
        ratio = f"{rule.ratio:.12g}"
        return root, self.product_uom.id, ratio, rule.scrap, rule.rounding

    def _make_backflush_count(self, pool, members, quantities):
        """Count this component, and the relatives of the same pool.

        :param pool: see :meth:`_get_backflush_pool`
        :param members: ``{key: moves}`` of all the relatives
        :param quantities: see :meth:`_get_backflush_counts`
        """
        count = self._make_backflush_prior_count(len(members) > 1)
        own = self._get_backflush_key()
        last = max(
            (moves.raw_material_production_id for moves in members.values()),
            key=lambda order: order._origin.id or 0,
        )
        by_order = {}
        for key, moves in members.items():
            latest = moves._get_backflush_latest()
            if key != own and not latest._is_backflush_counted_in(pool):
                continue
            by_order[latest.raw_material_production_id.id, key] = moves
            count.covered[key] = count.get_covered(key) + sum(
                move._get_backflush_covering_qty(self.product_uom)
                for move in moves
                # A manual component that nobody recorded is posted without goods.
                if (move.state == "done" or move.backflush_id)
                and not self._is_backflush_same(move)
            )
            count.units[key] = latest._get_backflush_counted(
                moves, may_exceed=latest.raw_material_production_id == last
            )
        for (_order_id, key), moves in sorted(by_order.items(), key=_get_order_id):
            order = moves.raw_material_production_id
            if order.state in ("done", "cancel"):
                continue
            ordered, latest = (
                quantities.get(order._origin),
                moves._get_backflush_latest(),
            )
            count.planned[key] = latest._get_backflush_planned_units(ordered)
            if all(
                move.state in ("done", "cancel") or move.backflush_deferred
                for move in moves
            ):
                count.idle.add(key)
        return count

    def _is_backflush_counted_in(self, pool):
        """Whether this component is counted together with those of a pool."""
        order = self.raw_material_production_id
        # What an order without backflushing takes once is taken for the others, too.
        is_once = pool[-1] == "once" and not order.backflush
        return is_once or self._get_backflush_pool(True) == pool

    def _is_backflush_same(self, move):
        """Whether a move is this one, which a form may have a copy of."""
        return (move._origin or move) == (self._origin or self)

    def _make_backflush_prior_count(self, has_relatives):
        """What an order carries over from orders that nobody knows the components of.

        Orders that were split by an earlier version have but the numbers.
        """
        order = self.raw_material_production_id
        if has_relatives:
            return Count()
        prior = order._get_backflush_units(order.backflush_prior_qty)
        covered = self._get_backflush_origin().backflush_prior_covered_qty
        count = Count(covered={self._get_backflush_key(): covered})
        if prior:
            count.units["prior"] = prior
            count.covered["prior"] = self._get_backflush_rule().target(prior)
        return count

    def _get_backflush_latest(self):
        """The move whose rule is that of the component: of what is still open."""
        return (self._filter_backflush_open() or self).sorted("id")[-1:]

    def _get_backflush_counted(self, parts, may_exceed=True):
        """For how many units of the finished product this component was due so far.

        :param parts: all the moves of this component
        :param may_exceed: whether its work orders may have done more than it is to
            make: else, what they did for the next order counts there
        :return: in the finished product's unit
        """
        order = self.raw_material_production_id
        made = order._get_backflush_done_moves()
        failures = order._get_backflush_failures(pending=False)
        operation = self.workorder_id._origin.id
        good = sum(made.mapped("quantity")) - order.backflush_corrected_qty
        quantity = get_due(good, failures, operation)
        is_open = order.state not in ("done", "cancel")
        method = self._get_backflush_due_method()
        if is_open and method == "start":
            if parts._is_backflush_started():
                planned = order._get_backflush_planned_due(self.workorder_id)
                quantity = max(quantity, planned)
        elif is_open and method == "operation" and self.workorder_id:
            reported = self._get_backflush_reached_count()
            if not may_exceed:
                planned = order._get_backflush_planned_due(self.workorder_id)
                reported = min(reported, planned)
            quantity = max(quantity, reported)
        return order._get_backflush_units(quantity)

    # --- Relatives ---

    def _get_backflush_relatives(self):
        """The open components of all orders that were split from the same ones.

        :return: these and their relatives, in the order in which they are to be made
        """
        split = self.filtered(lambda move: move._may_backflush_be_split())
        roots = split.browse().union(*(move._get_backflush_root() for move in split))
        if not roots:
            return self
        known = self.search(
            Domain("id", "in", roots.ids) | Domain("backflush_root_id", "in", roots.ids)
        )
        keys = set(known.ids)
        moves = known.raw_material_production_id.move_raw_ids.filtered(
            lambda move: move._get_backflush_key() in keys
        )
        return self | moves._filter_backflush_open()

    def _join_backflush_roots(self, ancestors):
        """Count this component together with others and all that were split from them.

        :param ancestors: components of orders that the order of this one replaces
        """
        self.ensure_one()
        roots = ancestors.browse().union(*(a._get_backflush_root() for a in ancestors))
        root = min(roots, key=lambda move: move.id)
        joined = self.sudo().search(
            Domain("id", "in", (roots - root).ids)
            | Domain("backflush_root_id", "in", (roots - root).ids)
        )
        with_private(joined | self.sudo(), record=True).backflush_root_id = root


def _get_order_id(item):
    (order_id, _key), _moves = item
    return order_id
