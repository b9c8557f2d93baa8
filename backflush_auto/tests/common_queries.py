from odoo import Command

from .common import BackflushCase


class QueriesCase(BackflushCase):
    """Counts queries, those that a request ends with included."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.components = [cls._create_product(f"Component {n}") for n in range(60)]
        for component in cls.components:
            cls._add_stock(component, 100000)
        cls._take(10)

    @classmethod
    def _take(cls, number):
        """Let the chair be made of so many components."""
        cls.bom.bom_line_ids.unlink()
        cls.bom.bom_line_ids = [
            Command.create({"product_id": component.id, "product_qty": 2})
            for component in cls.components[:number]
        ]

    def _end_request(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()

    def _count_call(self, call):
        """Queries of a request.

        :param call: function that is called
        """
        self._end_request()
        before = self.env.cr.sql_log_count
        call()
        self._end_request()
        return self.env.cr.sql_log_count - before
