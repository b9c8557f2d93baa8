"""Reports of production that come from outside, read and checked value by value.

Nothing is looked up here: what the values name is found by ``reporting``.
"""

import math

from ..errors import refuse
from .report import ComponentEntry, DamageEntry, LotEntry, Report, ScrapEntry

REMAINDERS = ("keep", "backorder", "cancel")
MAX_ID = 2**31 - 1
MAX_QUANTITY = 1e12
MAX_TEXT = 256
MAX_COMPONENTS = 1000
MAX_SCRAP = 1000
MAX_LOTS = 10_000
MAX_REPORTS = 10_000


def _is_valid(text):
    """Whether a text can be stored: JSON can hold half of a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _show(key):
    return _shorten(key if isinstance(key, str) and _is_valid(key) else repr(key))


def _shorten(text):
    return text if len(text) <= 80 else text[:80] + "…"


def check_quantity(env, quantity, unit):
    """Refuse a quantity that is too small to be seen in its unit.

    :param unit: ``uom.uom`` of the quantity
    :raises ValidationError: where it rounds to nothing
    """
    if quantity and unit.is_zero(quantity):
        raise refuse(
            env._(
                "quantity: %(quantity)s is less than the smallest quantity of "
                "%(unit)s.",
                quantity=quantity,
                unit=unit.name,
            ),
            field="quantity",
        )


class Reader:
    """Reads reports from plain values, and says of what is wrong which and where.

    :param env: for the language of the messages
    """

    def __init__(self, env):
        self.env = env

    def read_report(self, values):
        """Read one report.

        :param values: dict of the keywords of ``backflush_post``, and of what names the
            order or the product
        :return: :class:`Report`
        :raises ValidationError: that names the field and the value
        """
        readers = {
            "quantity": self.read_quantity,
            "lot_names": self.read_lot_names,
            "components": self.read_components,
            "remainder": self.read_remainder,
            "reference": self.read_text,
            "workorder_id": self.read_id,
            "production_id": self.read_id,
            "production": self.read_text,
            "product_id": self.read_id,
            "default_code": self.read_text,
            "bom_id": self.read_id,
            "picking_type_id": self.read_id,
            "scrap": self.read_scrap,
            "make_up": self.read_flag,
            "scrap_only": self.read_flag,
            "damaged": self.read_damaged,
        }
        report = Report(**self._read_dict(values, "report", readers))
        self._check_target(report)
        self._check_operation(report)
        self._check_scrap(report)
        return report

    def _check_target(self, report):
        names = ("production_id", "production", "product_id", "default_code")
        given = [name for name in names if getattr(report, name)]
        if len(given) != 1:
            raise self._wrong(
                "report",
                given,
                self.env._("one of %(names)s is needed", names=", ".join(names)),
            )
        if not report.is_orderless:
            for name in ("bom_id", "picking_type_id"):
                if getattr(report, name):
                    reason = self.env._("only where the report makes the order")
                    raise self._wrong(name, getattr(report, name), reason)
        elif not report.quantity:
            raise self._wrong("quantity", 0, self.env._("must be above zero"))
        elif report.workorder_id:
            reason = self.env._("only where the report names its order")
            raise self._wrong("workorder_id", report.workorder_id, reason)

    def _check_operation(self, report):
        """What is reported at an operation says nothing of the finished goods."""
        if report.workorder_id:
            reason = self.env._("is for reports on the order, not at an operation")
            if report.lot_names:
                raise self._wrong("lot_names", list(report.lot_names), reason)
            if report.remainder != "keep":
                raise self._wrong("remainder", report.remainder, reason)

    def _check_scrap(self, report):
        """What says how scrap counts is of no use without any."""
        given = {"make_up": report.scrap, "scrap_only": report.has_scrap}
        for name, scrap in given.items():
            if getattr(report, name) and not scrap:
                raise self._wrong(name, True, self.env._("only where scrap is given"))
        if report.scrap_only and report.quantity:
            reason = self.env._("must be 0 where only scrap is reported")
            raise self._wrong("quantity", report.quantity, reason)
        if report.scrap_only and report.remainder != "keep":
            reason = self.env._("must be keep where only scrap is reported")
            raise self._wrong("remainder", report.remainder, reason)
        for entry in report.scrap if report.is_orderless else ():
            if entry.workorder_id:
                reason = self.env._("only where the report names its order")
                raise self._wrong("workorder_id", entry.workorder_id, reason)

    def read_flag(self, value, name):
        """Read whether something is so."""
        if not isinstance(value, bool):
            raise self._wrong(name, value, self.env._("must be true or false"))
        return value

    def read_quantity(self, value, name):
        """Read a quantity: a number that is finite and not negative."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(name, value, self.env._("must be a number"))
        if isinstance(value, float) and not math.isfinite(value):
            raise self._wrong(name, value, self.env._("must be finite"))
        if value < 0:
            raise self._wrong(name, value, self.env._("cannot be negative"))
        if value > MAX_QUANTITY:
            raise self._wrong(name, value, self.env._("is too large"))
        return float(value)

    def read_id(self, value, name):
        """Read the database id of a record; 0 where there is none."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(name, value, self.env._("must be an id"))
        if not 0 <= value <= MAX_ID:
            raise self._wrong(name, value, self.env._("is no id of a record"))
        return value

    def read_component_ids(self, value, name):
        """Read a list of the database ids of components."""
        self._check_list(value, name, MAX_COMPONENTS)
        return [self.read_id(one, name) for one in value]

    def read_text(self, value, name):
        """Read a short text, blanks around it left out."""
        if not isinstance(value, str):
            raise self._wrong(name, value, self.env._("must be a text"))
        if len(value) > MAX_TEXT:
            reason = self.env._("is longer than %(number)s characters", number=MAX_TEXT)
            raise self._wrong(name, value, reason)
        if "\0" in value:
            raise self._wrong(name, value, self.env._("holds a null character"))
        if not _is_valid(value):
            raise self._wrong(name, value, self.env._("is not a valid text"))
        return value.strip()

    def read_remainder(self, value, name):
        """Read what becomes of the quantity that is not produced yet."""
        if value not in REMAINDERS:
            choices = ", ".join(REMAINDERS)
            reason = self.env._("must be one of %(choices)s", choices=choices)
            raise self._wrong(name, value, reason)
        return value

    def read_lot_names(self, value, name):
        """Read the lot or the serial numbers of the finished product."""
        self._check_list(value, name, MAX_LOTS)
        names = tuple(self._read_name(text, name) for text in value)
        if len(set(names)) < len(names):
            raise self._wrong(name, value, self.env._("names one of them twice"))
        return names

    def read_components(self, value, name):
        """Read what the report says of single components."""
        self._check_list(value, name, MAX_COMPONENTS)
        return tuple(self._read_component(one, name) for one in value)

    def read_damaged(self, value, name):
        """Read what the report says was spoilt of single components."""
        self._check_list(value, name, MAX_SCRAP)
        more = {"reason": self.read_text}
        return tuple(self._read_component(v, name, DamageEntry, more) for v in value)

    def _read_component(self, value, name, kind=ComponentEntry, more=()):
        readers = {
            "move_id": self.read_id,
            "product_id": self.read_id,
            "default_code": self.read_text,
            "quantity": self.read_quantity,
            "lots": self._read_lots,
            **dict(more),
        }
        entry = kind(**self._read_dict(value, name, readers))
        if sum(map(bool, (entry.move_id, entry.product_id, entry.default_code))) != 1:
            reason = self.env._("one of move_id, product_id, default_code is needed")
            raise self._wrong(name, value, reason)
        if entry.quantity is None and not entry.lots:
            reason = self.env._("a quantity or lots are needed")
            raise self._wrong(name, value, reason)
        return entry

    def read_scrap(self, value, name):
        """Read what the report says has failed of the finished product."""
        self._check_list(value, name, MAX_SCRAP)
        return tuple(self._read_scrap_entry(one, name) for one in value)

    def _read_scrap_entry(self, value, name):
        readers = {
            "quantity": self.read_quantity,
            "reason": self.read_text,
            "workorder_id": self.read_id,
        }
        entry = ScrapEntry(**self._read_dict(value, name, readers))
        if not entry.quantity:
            raise self._wrong(name, value, self.env._("a quantity is needed"))
        return entry

    def _read_lots(self, value, name):
        self._check_list(value, name, MAX_LOTS)
        readers = {"name": self._read_name, "quantity": self.read_quantity}
        lots = []
        for one in value:
            values = self._read_dict(one, name, readers)
            if "name" not in values:
                raise self._wrong(name, one, self.env._("a name is needed"))
            lots.append(LotEntry(**values))
        return tuple(lots)

    def _read_name(self, value, name):
        text = self.read_text(value, name)
        if not text:
            raise self._wrong(name, value, self.env._("a name is empty"))
        return text

    def _read_dict(self, values, name, readers):
        if not isinstance(values, dict):
            raise self._wrong(name, values, self.env._("must be an object"))
        for key in values:
            if key not in readers:
                known = ", ".join(readers)
                reason = self.env._("is not known; known are %(names)s", names=known)
                raise self._wrong(_show(key), values[key], reason)
        return {key: readers[key](value, key) for key, value in values.items()}

    def _check_list(self, value, name, most):
        if not isinstance(value, list | tuple):
            raise self._wrong(name, value, self.env._("must be a list"))
        self.check_number(value, name, most)

    def check_number(self, value, name, most):
        """Refuse a list that is too long.

        :param most: entries that it may have
        """
        if len(value) > most:
            reason = self.env._("has more than %(number)s entries", number=most)
            raise self._wrong(name, len(value), reason)

    def _wrong(self, name, value, reason):
        message = self.env._(
            "%(field)s: %(reason)s (%(value)s).",
            field=name,
            reason=reason,
            value=_shorten(repr(value)),
        )
        return refuse(message, field=name)
