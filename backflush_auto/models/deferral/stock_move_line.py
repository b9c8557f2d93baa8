from odoo import models
from odoo.tools import SQL


class StockMoveLine(models.Model):
    """What is taken after the goods that it was built into were made."""

    _inherit = "stock.move.line"

    def _link_backflush_consumed(self, links):
        """Record what finished goods were made of.

        The ORM writes the links of each finished good by themselves; here they are
        written at once.

        :param links: list of ``(id of the line of the component, id of the line of the
            finished goods)``
        """
        field = self._fields["consume_line_ids"]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) VALUES %s ON CONFLICT DO NOTHING",
                SQL.identifier(field.relation),
                SQL.identifier(field.column2),
                SQL.identifier(field.column1),
                SQL(", ").join(SQL("(%s, %s)", *link) for link in links),
            )
        )
        names = ["consume_line_ids", "produce_line_ids"]
        self.env["stock.move.line"].invalidate_model(names)
