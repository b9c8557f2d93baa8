import functools
import inspect

from odoo import api, models
from odoo.exceptions import MissingError

from ...context import as_called
from ...errors import refuse
from ...reporting.payload import MAX_REPORTS, Reader, check_quantity
from ...reporting.rpc import make_plain


def checked_call(method):
    """Answer a call with wrong arguments by an error that people can read.

    Of the caller's context the method sees nothing that could change what it does.
    """

    @functools.wraps(method)
    def call(self, *args, **kwargs):
        try:
            inspect.signature(method).bind(self, *args, **kwargs)
        except TypeError as error:
            raise refuse(
                self.env._(
                    "%(method)s: %(problem)s.", method=method.__name__, problem=error
                )
            ) from error
        return method(as_called(self), *args, **kwargs)

    return call


class MrpProduction(models.Model):
    """What other programs call, over XML-RPC and JSON-2.

    Results are plain str, int, float, bool, list and dict, always with the same keys,
    never None.
    """

    _inherit = "mrp.production"

    @api.readonly
    @checked_call
    def backflush_preview(
        self,
        quantity: float = 0.0,
        scrap: list[dict] = (),
        make_up: bool = False,
        scrap_only: bool = False,
        damaged: list[dict] = (),
        workorder_id: int = 0,
    ) -> dict:
        """Preview the posting of a quantity on this order. Read-only.

        :param quantity: of good units, in the order's unit; 0 = all that remains
        :param scrap: as in ``backflush_post``
        :param make_up: as in ``backflush_post``
        :param scrap_only: as in ``backflush_post``
        :param damaged: as in ``backflush_post``: it counts in what is short
        :param workorder_id: as in ``backflush_post``: what is taken there
        :return:
            - ``production``: ``{id, name, state, qty_produced, qty_scrapped,
              qty_remaining}``
            - ``quantity``: what would be posted
            - ``max_quantity``: the most that free stock covers
            - ``components``: a list, for each component

              - ``move_id``, ``product_id``, ``product``, ``uom``, ``location``
              - ``method``: when it is consumed
              - ``ratio``: for one unit of the finished product, unrounded
              - ``target``: for all that is reported then
              - ``covered``: of the target, dealt with before
              - ``expected``: what this posting should consume
              - ``free``: in stock for this order
              - ``shortage``: expected or damaged, and not free
              - ``deferred``: of it, what would be owed until stock comes
              - ``lots``: ``[{lot_id, name, quantity}]``
              - ``formula``: the number explained

            - ``damaged``: a list, for each component and lot that ``damaged`` names:
              ``move_id``, ``product_id``, ``product``, ``uom``, ``quantity``,
              ``shortage``, ``location``, ``lots``
        :raises UserError: where the order cannot be reported on
        """
        order = self._get_backflush_called()
        report = Reader(self.env).read_report(
            {
                "production_id": order.id,
                "quantity": quantity,
                "scrap": scrap,
                "make_up": make_up,
                "scrap_only": scrap_only,
                "damaged": damaged,
                "workorder_id": workorder_id,
            }
        )
        return order._get_backflush_preview(report)

    @checked_call
    def backflush_post(
        self,
        quantity: float = 0.0,
        lot_names: list[str] = (),
        components: list[dict] = (),
        remainder: str = "keep",
        reference: str = "",
        workorder_id: int = 0,
        scrap: list[dict] = (),
        make_up: bool = False,
        scrap_only: bool = False,
        damaged: list[dict] = (),
    ) -> dict:
        """Report production of this order: components leave stock, goods come in.

        A draft order is confirmed first. When everything is produced the order is done.

        :param quantity: in the order's unit; 0 = all that remains
        :param lot_names: the finished lot, or as many serial numbers as the quantity;
            made where they do not exist
        :param components: what single components consumed other than expected:
            ``{product_id | default_code | move_id, quantity, lots: [{name,
            quantity}]}``, in the component's unit; a product that is not on the order
            is added; several entries for one component add up, lot by lot
        :param remainder: what becomes of the quantity not yet produced: ``keep`` (the
            order stays open), ``backorder`` or ``cancel``
        :param reference: what the caller calls this report, unique per company: the
            same report with the same reference is posted once, and answered again with
            ``replayed`` true
        :param workorder_id: the work order to report at, instead of the order
        :param scrap: finished units that failed, beside the good ones: ``{quantity,
            reason, workorder_id}``, in the order's unit. Components are consumed for
            them up to the operation of that work order; all of them where none is
            named. ``reason`` is the name of a scrap reason of Odoo
        :param make_up: whether other units are made in the place of what failed; else
            it counts towards the order
        :param scrap_only: nothing good is reported: a ``quantity`` of 0 means none
        :param damaged: what was spoilt of single components beside what was built in:
            ``{product_id | default_code | move_id, quantity, lots, reason}``, in the
            component's unit; it leaves stock, and is not consumed
        :return:
            - ``id``, ``name``, ``reference``: of the posting
            - ``replayed``: true where it was posted before
            - ``production``: ``{id, name, state, qty_produced, qty_scrapped,
              qty_remaining}``
            - ``backorder``: ``{id, name}``, or ``{}``
            - ``components``: ``[{product_id, product, uom, expected, consumed,
              variance, deferred, location, lots}]``
        :raises UserError: where the report is refused; nothing is posted then
        """
        order = self._get_backflush_called()
        values = {
            "production_id": order.id,
            "quantity": quantity,
            "lot_names": lot_names,
            "components": components,
            "remainder": remainder,
            "reference": reference,
            "workorder_id": workorder_id,
            "scrap": scrap,
            "make_up": make_up,
            "scrap_only": scrap_only,
            "damaged": damaged,
        }
        reporting = self._make_backflush_reporting("mrp.production.backflush_post")
        return reporting.post_one(values)

    @api.model
    @checked_call
    def backflush_post_batch(self, reports: list[dict]) -> list[dict]:
        """Post many reports in one call; one that is refused leaves the others posted.

        Where a report names no order, one is made, confirmed and completed.

        :param reports: 10 000 at most, each the keywords of ``backflush_post``, and one
            of

            - ``production_id`` or ``production`` (its name)
            - ``product_id`` or ``default_code``, with ``quantity`` and, if Odoo is not
              to choose them, ``bom_id`` and ``picking_type_id``
        :return: for each report, in their order

            - ``ok`` true, with the result of ``backflush_post``
            - or ``ok`` false, with ``error``: ``{type, message, …}``

            The types are ``shortage``, ``lot``, ``access``, ``not_found``, ``state``,
            ``duplicate``, ``tolerance`` and ``invalid``.
        :raises UserError: where ``reports`` is no list, or too long
        """
        self._check_backflush_reports(reports)
        reporting = self._make_backflush_reporting(
            "mrp.production.backflush_post_batch"
        )
        return reporting.post_all(reports)

    @api.model
    def _check_backflush_reports(self, reports):
        """Refuse what is no list of reports, or one that is too long."""
        if not isinstance(reports, list | tuple):
            raise refuse(self.env._("reports: must be a list."), field="reports")
        Reader(self.env).check_number(reports, "reports", MAX_REPORTS)

    def _get_backflush_called(self):
        """The one order that a method was called on."""
        if len(self._ids) != 1:
            raise refuse(
                self.env._(
                    "Call this on one manufacturing order, not on %(number)s.",
                    number=len(self._ids),
                ),
                field="ids",
            )
        Reader(self.env).read_id(self._ids[0], "ids")
        if not self.exists():
            raise MissingError(
                self.env._(
                    "There is no manufacturing order %(order)s.", order=self._ids[0]
                )
            )
        return self

    # --- What a posting would do ---

    def _get_backflush_preview(self, report):
        """Preview a posting; see ``backflush_preview``.

        :param report: :class:`.Report`
        :return: plain values
        """
        self.ensure_one()
        self._check_backflush_open()
        self = self._preview_backflush_scrap(report)
        quantity = report.quantity
        check_quantity(self.env, quantity, self.product_uom_id)
        quantity = self.product_uom_id.round(quantity)
        if report.workorder_id:
            workorder = self._find_backflush_workorder(report.workorder_id)
            workorder._check_backflush_open()
        else:
            workorder = self.workorder_ids.browse()
        if not report.scrap_only:
            quantity = quantity or (workorder or self)._get_backflush_remaining()
        if workorder:
            preview = workorder._make_backflush_preview(quantity)
        else:
            preview = self._make_backflush_preview({self: quantity})
        preview.check_pieces()
        return {
            "production": self._get_backflush_result(),
            "quantity": quantity,
            "max_quantity": preview.get_max_quantity(),
            "components": preview.describe(),
            "damaged": [part for entry in preview.describe_damage() for part in entry],
        }

    def _get_backflush_result(self):
        """How far this order is, in plain values."""
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "qty_produced": self.qty_produced,
            "qty_scrapped": self.backflush_scrapped_qty,
            "qty_remaining": self._get_backflush_remaining(),
        }

    # --- What *Produce* answers to a program ---

    def _answer_backflush_program(self, answer):
        """True where all is done, else the question that Odoo asks.

        :param answer: of Odoo
        :raises UserError: where Odoo wants lots or serial numbers first
        """
        open_orders = self.filtered(lambda order: order.state != "done")
        if answer is True or not open_orders:
            return True
        if not _is_question(answer):
            raise refuse(
                self.env._(
                    "A lot or serial number is missing on %(orders)s: enter it on the "
                    "order, or report with backflush_post and lot_names.",
                    orders=", ".join(open_orders.mapped("name")),
                ),
                "lot",
            )
        return make_plain(answer)


def _is_question(answer):
    """Whether Odoo opens a wizard; the one for serial numbers is no question."""
    return (
        isinstance(answer, dict)
        and answer.get("target") == "new"
        and answer.get("res_model") != "mrp.production.serials"
    )
