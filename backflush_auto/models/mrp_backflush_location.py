from odoo import api, fields, models
from odoo.exceptions import ValidationError

SOURCE_USAGES = ("internal", "transit")


class MrpBackflushLocation(models.AbstractModel):
    """Where components are taken from: on a line of a bill of materials, on a work
    center, and on the component of an order, which remembers what they said."""

    _name = "mrp.backflush.location"
    _description = "Backflush Location"

    backflush_location_id = fields.Many2one(
        "stock.location",
        string="Take From",
        check_company=True,
        ondelete="restrict",
        domain=[("usage", "in", SOURCE_USAGES)],
    )

    @api.constrains("backflush_location_id")
    def _check_backflush_location(self):
        for record in self:
            location = record.backflush_location_id
            if location and not record._is_backflush_location_usable():
                raise ValidationError(
                    self.env._(
                        "%(component)s cannot be taken from %(location)s, because that "
                        "location is archived or cannot hold stock. Choose another "
                        "location under “Take From”: on the order, and on the line of "
                        "the bill of materials or the work center that names it.",
                        component=record._get_backflush_location_owner(),
                        location=location.display_name,
                    )
                )

    def _is_backflush_location_usable(self):
        location = self.backflush_location_id
        return location.active and location.usage in SOURCE_USAGES

    def _get_backflush_location_owner(self):
        """What messages about the location call this record."""
        return self.display_name
