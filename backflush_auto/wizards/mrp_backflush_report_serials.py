from odoo import api, fields, models
from odoo.exceptions import UserError

from ..errors import check_one


class MrpBackflushReport(models.TransientModel):
    """The serial numbers of what is reported in the dialog."""

    _inherit = "mrp.backflush.report"

    serial_numbers = fields.Text(
        help="One for each piece that is reported now, one a line."
    )
    first_serial = fields.Char(
        "First Serial Number",
        compute="_compute_first_serial",
        store=True,
        readonly=False,
        help="“Generate” numbers the pieces that are reported now, starting here.",
    )
    serial_count = fields.Char(compute="_compute_serial_count")

    @api.depends("production_id")
    def _compute_first_serial(self):
        for report in self:
            is_serial = report.product_tracking == "serial"
            report.first_serial = report._get_next_serial() if is_serial else False

    @api.depends("serial_numbers", "quantity", "production_id")
    def _compute_serial_count(self):
        for report in self:
            report.serial_count = self.env._(
                "%(given)s of %(needed)s serial numbers",
                given=len(report._get_serials()),
                needed=report._get_pieces(),
            )

    def action_generate_serials(self):
        """Number the pieces that are reported now, from the first serial number on."""
        check_one(self)
        if not self.first_serial:
            raise UserError(self.env._("Enter the first serial number."))
        lots = self.env["stock.lot"].generate_lot_names(
            self.first_serial, self._get_pieces()
        )
        self.serial_numbers = "\n".join(lot["lot_name"] for lot in lots)
        action = self.production_id.action_backflush_report()
        return {**action, "res_id": self.id}

    def _check_serials(self):
        """Refuse another number of serial numbers than pieces.

        :raises UserError: that tells how many there are
        """
        if self.product_tracking != "serial":
            return
        if len(self._get_serials()) != self._get_pieces():
            raise UserError(
                self.env._(
                    "Enter one serial number for each piece, or generate them: there "
                    "are %(count)s.",
                    count=self.serial_count,
                )
            )

    def _get_serials(self):
        """The serial numbers, each once, blanks left out."""
        lines = (line.strip() for line in (self.serial_numbers or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def _get_next_serial(self):
        """The number that the product says is next, or the one after the latest."""
        product = self.product_id
        name = f"{product.serial_prefix_format}{product.next_serial}"
        lots = self.env["stock.lot"]
        if lots.search_count([("product_id", "=", product.id), ("name", "=", name)]):
            return lots._get_next_serial(self.company_id, product)
        return name

    def _get_pieces(self):
        """How many pieces are reported now."""
        order = self.production_id
        return round(order._get_backflush_units(self.quantity)) if order else 0
