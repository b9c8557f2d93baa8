"""Numbers that can be calculated with.

JSON and XML-RPC can carry NaN, infinity and numbers without end. Stored, each of them
would make every calculation fail that meets it; and where Odoo rounds a number before
it looks at any constraint, the writing itself fails with a traceback.
"""

import math

from odoo import fields

from .errors import refuse


class FiniteFloat(fields.Float):
    """A number that a client can write, refused where it is not finite or too large.

    :raises ValidationError: that names the field and the value, wherever it is written:
        in a form, too
    """

    # More of a component than anyone moves, and little enough for a float to be exact.
    maximum = 1e12
    # A computed value may be the product of two such numbers; Odoo can still round it.
    maximum_computed = 1e30

    def convert_to_cache(self, value, record, validate=True):
        self._check_finite(value, record)
        return super().convert_to_cache(value, record, validate)

    def convert_to_column(self, value, record, values=None, validate=True):
        self._check_finite(value, record)
        return super().convert_to_column(value, record, values, validate)

    def _check_finite(self, value, record):
        try:
            number = float(value or 0.0)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        maximum = self.maximum if self.store else self.maximum_computed
        if abs(number) <= maximum * (1 + 1e-9):  # Odoo's rounding adds a little
            return
        raise refuse(
            record.env._(
                "%(label)s (%(field)s): %(value)s cannot be used. It must be a number "
                "of at most %(maximum)s.",
                maximum=f"{maximum:g}",
                label=self._description_string(record.env),
                field=self.name,
                value=str(value)[:80],
            ),
            field=self.name,
        )


class FiniteProduct(FiniteFloat):
    """A number that may also be worked out from two others."""

    maximum = FiniteFloat.maximum_computed


class FiniteCost(FiniteFloat):
    """A cost, in whatever currency."""

    maximum = 1e24
