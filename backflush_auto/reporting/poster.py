"""Reporting: production that comes from outside is entered and posted.

One reporting serves any number of reports. A report that cannot be posted leaves no
trace and says why; the others are posted together.
"""

import logging
from collections import defaultdict

from odoo.exceptions import ConcurrencyError

from ..context import with_private
from ..errors import REFUSALS, describe, refuse
from .items import ConsumptionQuestion, Item, RefusedOrders, cut_into_chunks
from .locks import lock_postings, repeat_transaction
from .lookup import Lookup, find_products
from .payload import Reader
from .replay import replay

_logger = logging.getLogger(__name__)

# Reports that are posted together. It bounds the memory of a call, and what is done
# again where one of them is refused.
CHUNK = 100


class Reporting:
    """Reports production for the user of an environment, with that user's rights.

    :param env: the environment of the call
    :param entry: ``model.method`` that was called from outside
    :param alone: whether the transaction was begun for these reports, by no call
    """

    def __init__(self, env, entry, alone=False):
        self.env = env
        self.entry = entry
        self.alone = alone
        self.orders = env["mrp.production"]
        self.items = []
        self.together = False
        self.asks = False

    def post_one(self, values):
        """Post one report.

        :param values: see :meth:`.Reader.read_report`
        :return: the result, plain values
        :raises UserError: where it is refused; nothing is posted then
        """
        self._post([values])
        [item] = self.items
        if item.error:
            raise item.error
        return item.result

    def post_all(self, values_list):
        """Post many reports.

        :return: a result for each, in their order; ``ok`` says whether it was posted
        """
        self._post(values_list)
        return [
            {"ok": False, "error": describe(item.error)}
            if item.error
            else {"ok": True, **item.result}
            for item in self.items
        ]

    def post_together(self, values_list, asks=False):
        """Post reports on orders, all of them or none, as a person does from a list.

        :param asks: whether the person is asked where something else is consumed than
            the bill of materials says, and this does not allow it freely
        :return: the result of each, in their order
        :raises ConsumptionQuestion: where the person is asked; nothing is posted then
        :raises UserError: one message for all that are refused; nothing is posted then
        """
        self.together, self.asks = True, asks
        self.look_up(values_list)
        self._refuse_together({item: item.error for item in self.items if item.error})
        self._lock()
        try:
            with self.env.cr.savepoint():
                self._post_together(self.items)
        except RefusedOrders as refused:
            self._refuse_together(refused.errors)
        return [item.result for item in self.items]

    def _refuse_together(self, errors):
        """Raise what refuses some reports as one error that names their orders.

        :param errors: ``{item: exception}``
        """
        if len(errors) == len(self.items) == 1:
            raise errors[self.items[0]]
        messages = []
        for item, error in errors.items():
            name = item.order.name if item.order else ""
            message = str(error)
            messages.append(message if name in message else f"{name}: {message}")
        if messages:
            raise refuse("\n\n".join(messages))

    def look_up(self, values_list):
        """Read reports and find what they are about. Nothing is posted.

        :return: list of :class:`.Item`, in their order; ``error`` where one is refused
        """
        self.items = [self._read(values) for values in values_list]
        Lookup(self.env).find(self.items)
        return self.items

    def _post(self, values_list):
        self.look_up(values_list)
        self._lock()
        done, total = 0, sum(item.is_open for item in self.items)
        for chunk in cut_into_chunks(self.items, CHUNK):
            replay(self.env, chunk)
            self._post_chunk([item for item in chunk if item.is_open])
            self.env.flush_all()
            self.env.invalidate_all()
            done += len(chunk)
            if total > CHUNK:
                _logger.info("%s of %s reports are worked off.", done, total)

    def _read(self, values):
        try:
            return Item(Reader(self.env).read_report(values))
        except REFUSALS as error:
            return Item(error=error)

    # --- One after the other ---

    def _lock(self):
        """Wait for other postings of the same products and references."""
        items = [item for item in self.items if item.is_open]
        products = find_products(self.env, items)
        references = {
            (item.company_id, item.report.reference)
            for item in items
            if item.report.reference
        }
        entries = [self.entry]
        lock_postings(self.env, entries, products, references, self.alone)

    # --- Post ---

    def _post_chunk(self, items):
        """Post reports together; without those that are refused, where some are."""
        looks = False
        while items:
            try:
                with self.env.cr.savepoint():
                    self._post_together(items, looks)
                return
            except ConcurrencyError:
                # Another transaction has posted one of them since this one began.
                replay(self.env, items)
                if not any(item.result for item in items):
                    repeat_transaction(self.env)
                items = [item for item in items if item.is_open]
                continue
            except RefusedOrders as refused:
                for item in items:
                    item.error = refused.errors.get(item)
            except REFUSALS as error:
                if len(items) > 1 and not looks:
                    # Find out which are short only once some are.
                    looks = True
                    continue
                if len(items) > 1:
                    middle = len(items) // 2
                    self._post_chunk(items[:middle])
                    items = items[middle:]
                    continue
                items[0].error = error
            items = [item for item in items if not item.error]

    def _post_together(self, items, looks=False):
        """Post reports, all of them or none.

        :param looks: whether those that lack something are looked for
        :raises RefusedOrders: where some are refused
        """
        self.orders = with_private(self.orders, scrapped={}, damaged={}, locked=None)
        self._make_orders(items)
        self._read_together(items)
        units = {item: item.order.product_uom_id for item in items}
        self._confirm(items)
        self._enter(items, units)
        posting = self._decide_operations(items)
        if looks:
            self._check_shortage(items, posting)
        split = [item for item in items if item.report.remainder == "backorder"]
        groups = self._join(split).production_group_id
        known = groups.production_ids
        postings = self._move(items, posting)
        self._check_posted(items)
        backorders = (groups.production_ids - known).grouped("production_group_id")
        for item in items:
            posting = postings.filtered(lambda p, o=item.order: p.production_id == o)
            backorder = backorders.get(item.order.production_group_id, self.orders)
            result = posting._get_report_result(backorder)
            posting.sudo()._keep_report_result(result)
            item.result = {**result, "replayed": False}

    def _join(self, items):
        return self.orders.union(*(item.order for item in items))

    def _read_together(self, items):
        """Read for all orders of the chunk what each would read by itself."""
        orders = self._join(items)
        (orders.move_raw_ids | orders.move_finished_ids).mapped("state")
        orders.workorder_ids.mapped("state")
        for item, order in zip(items, orders, strict=True):
            item.order = order

    def _confirm(self, items):
        """Confirm the drafts; what their kits consist of may not be locked so far."""
        drafts = self._join(items).filtered(lambda order: order.state == "draft")
        drafts.action_confirm()
        if not drafts - self.orders.union(*(i.order for i in items if i.recipe)):
            self.orders = with_private(self.orders, locked=True)
            self._read_together(items)

    def _make_orders(self, items):
        orderless = [item for item in items if item.recipe]
        vals_list = []
        for item in orderless:
            product, bom, picking_type = item.recipe
            vals = {
                "company_id": item.company_id,
                "product_id": product.id,
                "product_uom_id": product.uom_id.id,
                "product_qty": item.report.get_ordered(),
                "bom_id": bom.id,
            }
            if picking_type:
                vals["picking_type_id"] = picking_type.id
            vals_list.append(vals)
        for item, order in zip(orderless, self.orders.create(vals_list), strict=True):
            item.order = order

    def _enter(self, items, units):
        """Enter on each order what its report says.

        :param units: ``{item: unit of its quantity}``
        """
        refused = {}
        for item in items:
            try:
                item.entered = item.order._enter_backflush_report(
                    item.report, units[item]
                )
            except REFUSALS as error:
                refused[item] = error
        if refused:
            raise RefusedOrders(refused)
        issues = [
            issue
            for item in items
            if item.order.consumption != "flexible"
            for issue in item.entered.issues
        ]
        if self.asks and issues:
            raise ConsumptionQuestion(issues)

    def _decide_operations(self, items):
        """What reports at work orders will take; None where they are on orders."""
        ids = {item.report.workorder_id for item in items}
        orders = self._identify(items)
        workorders = orders.workorder_ids.filtered(lambda w: w.id in ids)
        return workorders._make_backflush_operation_posting() if workorders else None

    def _check_shortage(self, items, posting):
        """Refuse the reports that cannot be posted, so that the others can.

        :param posting: at their work orders; None where they are on orders
        """
        if posting:
            refused = posting.find_refused()
        else:
            refused = self._join(items)._get_backflush_problems()
        if refused:
            raise RefusedOrders(
                {item: refused[item.order] for item in items if item.order in refused}
            )

    def _check_posted(self, items):
        """Take back what was posted other than it was reported."""
        refused = {}
        for item in items:
            try:
                item.order._check_backflush_posted_as(item.entered)
            except REFUSALS as error:
                refused[item] = error
        if refused:
            raise RefusedOrders(refused)

    def _identify(self, items):
        """The orders, with what tells their postings from others."""
        identities = {
            item.order.id: {
                "reference": item.report.reference or False,
                "payload_hash": item.payload_hash,
            }
            for item in items
        }
        return with_private(self._join(items), identities=identities)

    def _move(self, items, posting):
        """Post what is entered.

        :param posting: at the work orders; None where it is on the orders
        :return: ``mrp.backflush`` recordset
        """
        orders = self._identify(items)
        known = orders.backflush_ids
        if posting:
            posting.reported_at._post_backflush_report(posting)
        else:
            self._mark_done(items, orders)
        return orders.backflush_ids - known

    def _mark_done(self, items, orders):
        """Let Odoo post the orders: some close, some stay open, some are split."""
        scrapped = orders.filtered(lambda order: order._is_backflush_only_scrapped())
        if scrapped:
            scrapped._post_backflush_only_scrapped()
            items = [item for item in items if item.order not in scrapped]
            orders -= scrapped
        by_remainder = defaultdict(self.orders.browse)
        for item in items:
            order = item.order
            to_make = order._get_backflush_to_make()
            rest = order.product_uom_id.compare(to_make, order.qty_producing)
            remainder = item.report.remainder if rest > 0 else "close"
            by_remainder[remainder] += item.order
        # Odoo's accounting handles the orders of one company at a time.
        for group in orders.grouped("company_id").values():
            staying = (by_remainder["keep"] & group)._ids
            called = with_private(group, keep_open=staying).with_context(
                mo_ids_to_backorder=(by_remainder["backorder"] & group).ids,
                skip_backorder=True,
                skip_consumption=True,
                skip_redirection=True,
            )
            answer = called.button_mark_done()
            group._check_backflush_posted(answer)
