from dataclasses import dataclass

from odoo import models


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """Something that the check has found.

    :param bom: ``mrp.bom`` that deducts wrongly
    :param kind: one of ``KINDS``
    :param line: ``mrp.bom.line`` to mend, of the bill of materials or of a kit in it;
        may be empty
    :param product: ``product.product`` that is deducted wrongly, may be empty
    :param severity: one of ``SEVERITIES``
    :param figures: values for the texts of the kind; numbers are formatted for each
        reader
    :param orders: ``mrp.production`` that are affected
    """

    bom: models.BaseModel
    kind: str
    line: models.BaseModel
    product: models.BaseModel
    severity: str
    figures: dict
    orders: models.BaseModel

    @property
    def key(self):
        """What identifies the same finding in the next check."""
        return self.bom.id, self.kind, self.line.id, self.product.id
