"""What becomes of each report on its way."""

from dataclasses import dataclass, field

from .report import Report


@dataclass(frozen=True, slots=True)
class Scrapped:
    """Units that a report says have failed.

    :param failure: :class:`.Failure`
    :param workorder: ``mrp.workorder`` at which they failed; may be empty
    :param tags: ``stock.scrap.reason.tag``; may be empty
    """

    failure: object
    workorder: object
    tags: object


@dataclass(frozen=True, slots=True)
class Damaged:
    """What a report says was spoilt of a component.

    :param move: ``stock.move`` of the component
    :param quantity: in its unit
    :param lots: ``{stock.lot: quantity}`` that are named; may be empty
    :param tags: ``stock.scrap.reason.tag``; may be empty
    """

    move: object
    quantity: float
    lots: dict
    tags: object

    def get_parts(self):
        """What is taken by itself: each named lot, else all of it.

        :return: list of ``(lot, quantity)``; None for any lot
        """
        return list(self.lots.items()) or [(None, self.quantity)]


@dataclass(frozen=True, slots=True)
class Entered:
    """What a report has entered, and its posting must have moved.

    :param record: ``mrp.production`` or ``mrp.workorder`` that is reported on
    :param total: what is produced of it once the report is posted, in the order's unit
    :param components: ``{stock.move: quantity in its unit}`` of single components
    :param issues: what differs from the bill of materials, see
        ``mrp.production._get_backflush_consumption_issues``
    """

    record: object
    total: float
    components: dict
    issues: list


@dataclass(slots=True, eq=False)
class Item:
    """A report on its way.

    :param order: ``mrp.production``, found or made
    :param recipe: ``(product, bom, picking type)`` of a report without an order
    :param entered: :class:`Entered`, what was entered for it
    :param result: what is answered once it is posted, or posted before
    :param error: the exception that refused it
    """

    report: Report = None
    order: object = None
    recipe: tuple = ()
    company_id: int = 0
    payload_hash: str = ""
    entered: object = None
    result: dict = field(default_factory=dict)
    error: Exception = None

    @property
    def is_open(self):
        return not (self.result or self.error)

    @property
    def is_at_operation(self):
        return bool(self.report.workorder_id)


class RefusedOrders(Exception):
    """Some orders of a chunk are refused: the others can be posted without them.

    :param errors: ``{item: exception}``
    """

    def __init__(self, errors):
        super().__init__(", ".join(map(str, errors.values())))
        self.errors = errors


class ConsumptionQuestion(Exception):
    """Something else is consumed than the bill of materials says: a person is asked.

    :param issues: of all the orders, see
        ``mrp.production._get_backflush_consumption_issues``
    """

    def __init__(self, issues):
        super().__init__()
        self.issues = issues


def cut_into_chunks(items, size):
    """Cut reports into chunks of one kind in which nothing stands twice.

    :param items: list of :class:`Item`; only the open ones are in a chunk
    :param size: of a chunk, at most
    :return: generator of lists
    """
    chunk, keys = [], set()
    for item in items:
        if not item.is_open:
            continue
        own = _get_keys(item)
        is_other = chunk and chunk[0].is_at_operation != item.is_at_operation
        if len(chunk) == size or own & keys or is_other:
            yield chunk
            chunk, keys = [], set()
        chunk.append(item)
        keys |= own
    if chunk:
        yield chunk


def _get_keys(item):
    """What no other report of a chunk may have."""
    keys = {item.report.reference} - {""}
    if item.order:
        # An order and its backorders have their group in common.
        keys |= {item.order, item.order.production_group_id or item.order}
    return keys
