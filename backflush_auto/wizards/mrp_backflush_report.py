from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..context import as_called
from ..errors import check_one
from ..reporting.items import ConsumptionQuestion

REMAINDERS = [
    ("keep", "Keep open"),
    ("backorder", "Backorder"),
    ("cancel", "No backorder"),
]


class MrpBackflushReport(models.TransientModel):
    """What a person reports in the dialog: one order in full, or several in a list."""

    _name = "mrp.backflush.report"
    _inherit = "mrp.backflush.report.mixin"
    _description = "Report Production"

    production_ids = fields.Many2many(
        "mrp.production", string="Manufacturing Orders", required=True
    )
    production_id = fields.Many2one(
        "mrp.production", "Manufacturing Order", compute="_compute_production_id"
    )
    # What posting the quantity would do, as long as nothing else is entered.
    preview = fields.Json(compute="_compute_preview")
    remainder = fields.Selection(
        REMAINDERS,
        string="What Remains",
        required=True,
        default="keep",
        help="Keep open: the order stays in progress, to be reported on again. "
        "Backorder: the rest becomes an order of its own. No backorder: the order is "
        "done, and the rest is not produced.",
    )
    has_remainder = fields.Boolean(compute="_compute_has_remainder")
    component_ids = fields.One2many(
        "mrp.backflush.report.component",
        "report_id",
        "Components",
        compute="_compute_component_ids",
        store=True,
        readonly=False,
    )
    has_lots = fields.Boolean(compute="_compute_has_lots")
    order_ids = fields.One2many(
        "mrp.backflush.report.order",
        "report_id",
        "Orders",
        compute="_compute_order_ids",
        store=True,
        readonly=False,
    )
    posted = fields.Boolean(readonly=True)

    @api.depends("production_ids")
    def _compute_production_id(self):
        for report in self:
            orders = report.production_ids._origin
            report.production_id = orders if len(orders) == 1 else False

    @api.depends("preview")
    def _compute_quantities(self):
        for report in self:
            preview = report.preview or {}
            report.remaining_qty = preview.get("remaining", 0.0)
            report.most_qty = preview.get("max_quantity", 0.0)

    @api.depends(
        *("production_id", "quantity", "scrapped_qty", "scrap_workorder_id", "make_up"),
        *("damage_ids.product_id", "damage_ids.quantity", "damage_ids.lot_id"),
    )
    def _compute_preview(self):
        for report in self:
            report.preview = report.production_id and report._get_preview()

    @api.depends(
        "quantity", "remaining_qty", "order_ids.quantity", "order_ids.remaining_qty"
    )
    def _compute_has_remainder(self):
        for report in self:
            if report.production_id:
                unit, quantity = report.product_uom_id, report.quantity
                report.has_remainder = (
                    unit.compare(quantity, report.remaining_qty) < 0
                    and not report.workorder_id
                    and not report._is_only_scrapped()
                )
            else:
                report.has_remainder = any(
                    order.product_uom_id.compare(order.quantity, order.remaining_qty)
                    < 0
                    for order in report.order_ids
                )

    @api.depends("production_id", "workorder_id")
    def _compute_component_ids(self):
        for report in self:
            moves = report._get_reported_moves()
            report.component_ids = [Command.clear()] + [
                Command.create({"move_id": move.id}) for move in moves._sort_backflush()
            ]

    @api.depends("component_ids.has_tracking", "order_ids.product_tracking")
    def _compute_has_lots(self):
        for report in self:
            components = report.component_ids.filtered(
                lambda component: component.has_tracking != "none"
            )
            orders = report.order_ids.filtered(
                lambda order: order.product_tracking != "none"
            )
            report.has_lots = bool(components or orders)

    @api.depends("production_ids")
    def _compute_order_ids(self):
        for report in self:
            orders = report.production_ids._origin
            report.order_ids = [Command.clear()] + [
                Command.create({"production_id": order.id})
                for order in (orders if len(orders) > 1 else ())
            ]

    # --- Actions ---

    def action_post(self):
        """Post what the dialog says, all of it or nothing.

        :return: the dialog again, with a question, where something else is consumed
            than the bill of materials says, and that asks before; nothing is posted
            then
        :raises UserError: one message for all that is refused
        """
        check_one(self)
        try:
            return self._post(asks=True)
        except ConsumptionQuestion as question:
            self.question = self._get_question(question.issues)
        return {**self.production_ids.action_backflush_report(), "res_id": self.id}

    def action_post_anyway(self):
        """Post what the dialog says, whatever the bill of materials asks.

        :raises UserError: one message for all that is refused
        """
        check_one(self)
        return self._post(asks=False)

    def _post(self, asks):
        """Post what the dialog says.

        :param asks: whether a person is asked first, see ``Reporting.post_together``
        """
        self = as_called(self)
        name = "action_post" if asks else "action_post_anyway"
        orders = self.env["mrp.production"]
        reporting = orders._make_backflush_reporting(f"mrp.backflush.report.{name}")
        results = reporting.post_together(self._prepare_reports(), asks=asks)
        self._close()
        return self._get_notification(results)

    def _close(self):
        """Keep a repeated click from posting the same again.

        :raises UserError: where this dialog was posted before
        """
        # The posting may have waited for the other click.
        self.invalidate_recordset(["posted"])
        if self.posted:
            raise UserError(
                self.env._(
                    "This was posted already: close the dialog and open it again."
                )
            )
        self.posted = True

    # --- What is posted ---

    def _prepare_reports(self):
        """The values of the reports, as ``mrp.production.backflush_post`` takes them.

        :raises UserError: where a quantity is missing
        """
        if not self.production_id:
            self.order_ids._check_quantities()
            return [order._prepare_report(self.remainder) for order in self.order_ids]
        self._check_quantity()
        return [
            {
                "production_id": self.production_id.id,
                "quantity": self.quantity,
                "lot_names": self._get_lot_names(),
                "components": [
                    component._prepare_entry()
                    for component in self.component_ids
                    if component.changed or component.lot_ids
                ],
                "remainder": self._get_remainder(),
                "workorder_id": self.workorder_id.id or 0,
                **self._prepare_scrap_values(),
            }
        ]

    def _get_remainder(self):
        """What becomes of the rest: of a work order, it stays to be reported there."""
        stays = self.workorder_id or self._is_only_scrapped()
        return "keep" if stays else self.remainder

    def _check_quantity(self):
        nothing = self.product_uom_id.compare(self.quantity, 0.0) <= 0
        if nothing and not self._is_only_scrapped():
            raise UserError(self.env._("Enter the quantity that was produced."))
        if not self.workorder_id:
            self._check_serials()

    def _get_lot_names(self):
        if self.workorder_id:
            return []
        if self.product_tracking == "serial":
            return self._get_serials()
        return self.lot_id.mapped("name")

    # --- What is shown ---

    def _get_preview(self):
        """What posting the one order as the dialog stands would take.

        :return: plain values; only ``problem`` where something cannot be entered
        """
        try:
            preview = self._make_preview()
        except UserError as problem:
            return {"problem": str(problem)}
        return {
            "remaining": preview.get_remaining(),
            "max_quantity": self.production_id._floor_backflush_covered(
                preview.get_max_quantity()
            ),
            "components": self._describe_components(preview),
            "damaged": preview.describe_damage(),
        }

    def _make_preview(self, entered=None):
        """A preview of posting the one order as the dialog stands.

        :param entered: ``{move: quantity}`` that a person enters instead
        :raises UserError: where something cannot be entered
        """
        order = self._get_preview_order()
        quantity = max(0.0, self.quantity)
        workorder = self._get_preview_workorder(order)
        if workorder:
            return workorder._make_backflush_preview(quantity, entered=entered)
        return order._make_backflush_preview({order: quantity}, entered=entered)

    def _describe_components(self, preview):
        lacking = {move.id: values for move, values in preview.get_lacking().items()}
        return [
            {**values, "lacking": lacking[values["move_id"]]}
            for values in preview.describe()
        ]

    def _get_component_values(self, entered=None):
        """What a posting would take of each component.

        :param entered: ``{move: quantity}`` that a person enters instead
        :return: ``{move id: values}``; see ``mrp.production.backflush_preview``, and
            ``lacking`` as of :meth:`.Preview`
        """
        components = (self.preview or {}).get("components", ())
        if entered and components:
            components = self._describe_components(self._make_preview(entered))
        return {values["move_id"]: values for values in components}

    def _get_order_preview(self):
        """What posting the list as it stands would take, order after order."""
        self.ensure_one()
        quantities = {
            line.production_id: max(0.0, line.quantity) for line in self.order_ids
        }
        orders = self.env["mrp.production"].union(*quantities)
        return orders._make_backflush_preview(quantities)
