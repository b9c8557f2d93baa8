"""A report of production, in plain values that are read and checked."""

import hashlib
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LotEntry:
    """A lot or serial number that a component takes.

    :param quantity: in the component's unit; 0 where the report leaves it open
    """

    name: str
    quantity: float = 0.0


@dataclass(frozen=True, slots=True)
class ComponentEntry:
    """What a report says of one component.

    :param quantity: in the component's unit; None where only lots are named
    """

    move_id: int = 0
    product_id: int = 0
    default_code: str = ""
    quantity: float | None = None
    lots: tuple[LotEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class ScrapEntry:
    """Finished units that failed.

    :param quantity: in the order's unit
    :param reason: name of the scrap reason; empty where none is given
    :param workorder_id: at which they failed; 0 where they were finished, or at the
        work order that is reported at
    """

    quantity: float = 0.0
    reason: str = ""
    workorder_id: int = 0


@dataclass(frozen=True, slots=True)
class DamageEntry(ComponentEntry):
    """What was spoilt of a component, beside what was built in.

    :param reason: name of the scrap reason; empty where none is given
    """

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One report: what was produced, on which order, and what becomes of the rest.

    :param quantity: of good units, in the order's unit; 0 = all that remains
    :param make_up: whether other units are made in the place of what failed
    :param scrap_only: nothing good is reported: a quantity of 0 means none
    """

    quantity: float = 0.0
    lot_names: tuple[str, ...] = ()
    components: tuple[ComponentEntry, ...] = ()
    remainder: str = "keep"
    reference: str = ""
    workorder_id: int = 0
    production_id: int = 0
    production: str = ""
    product_id: int = 0
    default_code: str = ""
    bom_id: int = 0
    picking_type_id: int = 0
    scrap: tuple[ScrapEntry, ...] = ()
    make_up: bool = False
    scrap_only: bool = False
    damaged: tuple[DamageEntry, ...] = ()

    @property
    def is_orderless(self):
        """Whether an order is to be made for it."""
        return not (self.production_id or self.production)

    @property
    def has_scrap(self):
        """Whether something failed, or was spoilt."""
        return bool(self.scrap or self.damaged)

    def get_ordered(self):
        """The quantity of an order that is made for this report."""
        failed = 0.0 if self.make_up else sum(entry.quantity for entry in self.scrap)
        return self.quantity + failed

    def get_hash(self, subject):
        """Tell whether two reports with one reference are the same.

        :param subject: what is reported on, found: plain values
        :return: hexadecimal digest
        """
        values = [
            subject,
            self.quantity,
            self.lot_names,
            [_list_component(entry) for entry in self.components],
            self.remainder,
            self.workorder_id,
            self.bom_id,
            self.picking_type_id,
        ]
        # A report without scrap has the hash that it always had.
        scrap = [(s.quantity, s.reason, s.workorder_id) for s in self.scrap]
        if self.has_scrap:
            values.append({"scrap": [scrap, self.make_up, self.scrap_only]})
        if self.damaged:
            damaged = [(*_list_component(d), d.reason) for d in self.damaged]
            values.append({"damaged": damaged})
        return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def _list_component(entry):
    lots = [(lot.name, lot.quantity) for lot in entry.lots]
    names = (entry.move_id, entry.product_id, entry.default_code)
    return (*names, entry.quantity, lots)
