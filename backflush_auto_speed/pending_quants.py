"""What the move lines of a posting change in stock, added up for each quant.

Odoo writes and searches the quants of every line, and of a component that many orders
share the same quant again and again. Here each quant is read once, changed in memory as
Odoo would change it, line by line, and written once: as soon as the last line has
moved, so that nobody reads stock that is still in memory.

The pending quants of a transaction are known to its cursor, not to a context. Where
others look for stock, move some or begin a savepoint in between, they are written
first.
"""

from dataclasses import dataclass, field

from odoo import fields, models

from .switches import is_switched_off

OPEN = "backflush_auto_speed.pending_quants"


def find_pending(line):
    """The quants that a line waits to change; None where Odoo moves it by itself."""
    opened = line.env.cr.precommit.data.get(OPEN, ())
    return next((pending for pending in opened if line.id in pending.waiting), None)


def write_pending(cr):
    """Write the pending quants of a transaction.

    :raises RuntimeError: where moving the lines was interrupted, and the error ignored
    """
    for pending in tuple(cr.precommit.data.get(OPEN, ())):
        if pending.is_remembered():
            pending.settle()


@dataclass(slots=True, eq=False)
class PendingQuant:
    """A quant, changed in memory; or one that is not there yet.

    :param place: the records ``(product, location, lot, package, owner)``
    :param quant: ``stock.quant``, may be empty
    """

    place: tuple
    quant: object
    quantity: float
    reserved: float
    in_date: object
    read: tuple = field(init=False)

    def __post_init__(self):
        self.read = (self.quantity, self.reserved)

    @property
    def is_changed(self):
        return (self.quantity, self.reserved) != self.read

    @property
    def changes(self):
        """What is to be added to the quant: ``(quantity, reserved)``."""
        return self.quantity - self.read[0], self.reserved - self.read[1]

    def get_vals(self):
        """Values of the quant; what others have written in between is kept."""
        quant = self.quant
        quantity, reserved = self.quantity, self.reserved
        if (quant.quantity, quant.reserved_quantity) != self.read:
            quantity = quant.quantity + self.changes[0]
            reserved = quant.reserved_quantity + self.changes[1]
        return {
            "quantity": quantity,
            "reserved_quantity": max(0, reserved),
            "in_date": self.in_date,
        }

    def move(self, quantity, in_date, bypassed):
        """Change the quantity, as ``stock.quant._update_available_quantity`` does.

        :param quantity: in the product's unit, negative for what leaves
        :param in_date: since when what comes was in stock
        :param bypassed: whether nothing is reserved at this location
        :return: what is free then, and since when it is in stock
        """
        unit = self.place[0].uom_id
        dates = [in_date] if in_date else []
        if self.in_date and not bypassed and unit.compare(self.quantity, 0) > 0:
            dates.append(self.in_date)
        self.in_date = min(dates) if dates else fields.Datetime.now()
        self.quantity += quantity
        return self.quantity - self.reserved, self.in_date


class PendingQuants:
    """The quants that the lines of a posting change, while Odoo moves these::

        with PendingQuants(lines):
            ...

    Quants that Odoo treats in a way of their own are not in it: several of one place,
    goods without a lot beside those of one, lots that would fall below zero.

    :param lines: ``stock.move.line`` recordset, about to be moved
    """

    def __init__(self, lines):
        # Odoo deletes lines without a quantity before it moves the others.
        self.lines = lines.filtered(
            lambda line: line.product_uom_id.compare(line.quantity, 0) > 0
        )
        self.waiting = set(self.lines._ids)
        self.quants = lines.env["stock.quant"].sudo()
        self.quants_by_place = None
        self.entries = {}
        self.is_interrupted = False
        self.dirty = lines.env.transaction.field_dirty

    def __enter__(self):
        cr = self.quants.env.cr
        if OPEN not in cr.precommit.data:
            cr.precommit.data[OPEN] = []
            cr.precommit.add(lambda: write_pending(cr))
        cr.precommit.data[OPEN].append(self)
        return self

    def __exit__(self, error_type, error, traceback):
        if error_type:
            # Only a rollback, also to a savepoint, makes up for half a posting.
            self.is_interrupted = True
        else:
            self.settle()
            self._forget()

    def is_remembered(self):
        """Whether what is written now is kept until it is flushed.

        An addon that logs records may read them with a cache that it throws away; what
        is changed in there is lost.
        """
        return self.dirty is self.quants.env.transaction.field_dirty

    def settle(self):
        """Write what has been moved so far; Odoo sees to the lines that still wait.

        :raises RuntimeError: where moving the lines was interrupted
        """
        if self.is_interrupted:
            cr = self.quants.env.cr
            cr.precommit.add(lambda: write_pending(cr))
            raise RuntimeError(
                "Moving the stock of a posting was interrupted by an error that was "
                "ignored. Its quants are not written: roll the transaction back."
            )
        if self.quants_by_place is not None:
            self._forget()
            self._close()

    def leave(self, line):
        """A line has been moved; with the last one, the quants are written."""
        self.waiting.discard(line.id)
        if not self.waiting:
            self.settle()

    def _forget(self):
        self.waiting.clear()
        opened = self.quants.env.cr.precommit.data.get(OPEN, [])
        if self in opened:
            opened.remove(self)

    def find(self, place, quants_by_place):
        """The entry of a place; None where Odoo has to see to it.

        :param quants_by_place: as ``stock.quant._get_quants_by_products_locations``
            gives them: of all the lines, else they are not moved together
        """
        if self.quants_by_place is None:
            self._open(quants_by_place)
        elif self.quants_by_place is not quants_by_place:
            self.settle()
        return self.entries.get(_get_key(place))

    def _open(self, quants_by_place):
        self._read(quants_by_place)
        self.quants_by_place = quants_by_place
        for line in self.lines:
            for location in (line.location_id, line.location_dest_id):
                self._open_place(line._get_backflush_quant_place(location))
        self._leave_out_negative()

    def _read(self, quants_by_place):
        ids = {i for quants in quants_by_place.values() for i in quants._ids}
        names = ("product_id", "location_id", "lot_id", "package_id", "owner_id")
        amounts = ("quantity", "reserved_quantity", "in_date")
        self.quants.browse(ids).fetch([*names, *amounts])
        # Odoo reads them of each lot by itself when it makes a quant of it.
        self.lines.lot_id.fetch(["lot_properties"])

    def _open_place(self, place):
        key = _get_key(place)
        if key in self.entries:
            return
        quants = self.quants_by_place.get(key, self.quants.browse())
        lot_id = key[2]
        without_lot = lot_id and self.quants_by_place.get((*key[:2], False, *key[3:]))
        if len(quants) > 1 or without_lot:
            return
        self.entries[key] = PendingQuant(
            place=place,
            quant=quants.sudo(),
            quantity=quants.quantity,
            reserved=quants.reserved_quantity,
            in_date=quants.in_date,
        )

    def _leave_out_negative(self):
        """Odoo makes up for a lot that is short; see ``_synchronize_quant``."""
        left = {key: entry.quantity for key, entry in self.entries.items()}
        for line in self.lines.filtered("lot_id"):
            key = _get_key(line._get_backflush_quant_place(line.location_id))
            if key in left:
                left[key] -= line.quantity_product_uom
                bypassed = line.location_id.should_bypass_reservation()
                if line.product_id.uom_id.compare(left[key], 0) < 0 and not bypassed:
                    self.entries.pop(key)
                    left.pop(key)

    def _close(self):
        """Write the quants, all locked in one order.

        What another transaction holds is Odoo's to see to.
        """
        entries = [entry for entry in self.entries.values() if entry.is_changed]
        self.entries = {}
        if not self._is_extended():
            entries = self._write(self._create(entries))
        for entry in entries:
            self._update(entry)

    def _is_extended(self):
        """Whether another addon wants to know of each quant."""
        return is_switched_off(
            "Writing quants together",
            (self.quants, "_update_available_quantity", "stock"),
            (self.quants, "create", "stock"),
        )

    def _create(self, entries):
        """Make the quants of places that have none, with one insert.

        Odoo's own ``create`` makes each by itself, for the sake of inventory counts.

        :return: the other entries
        """
        new = {entry: True for entry in entries if self._is_new(entry)}
        vals_list = []
        for entry in new:
            product, location, lot, package, owner = entry.place
            vals_list.append(
                {
                    "product_id": product.id,
                    "location_id": location.id,
                    "lot_id": lot.id,
                    "package_id": package.id,
                    "owner_id": owner.id,
                    "in_date": entry.in_date,
                    "quantity": entry.quantity,
                    "inventory_quantity_set": False,
                }
            )
        quants = models.Model.create(self.quants, vals_list)
        for entry, quant in zip(new, quants, strict=True):
            self.quants_by_place[_get_key(entry.place)] |= quant
        return [entry for entry in entries if entry not in new]

    def _is_new(self, entry):
        """Whether there is no quant of this place, also none made in between."""
        made = self.quants_by_place.get(_get_key(entry.place))
        return not (entry.quant or entry.reserved or made)

    def _write(self, entries):
        """Write the quants that can be locked.

        :return: the other entries
        """
        quants = self.quants.union(*(entry.quant for entry in entries)).sorted("id")
        locked = set(quants.try_lock_for_update(allow_referencing=True)._ids)
        for entry in entries:
            if entry.quant.id in locked:
                entry.quant.write(entry.get_vals())
        return [entry for entry in entries if entry.quant.id not in locked]

    def _update(self, entry):
        product, location, lot, package, owner = entry.place
        quantity, reserved = entry.changes
        self.quants.with_context(
            quants_cache=self.quants_by_place
        )._update_available_quantity(
            product,
            location,
            quantity=quantity,
            reserved_quantity=reserved,
            lot_id=lot,
            package_id=package,
            owner_id=owner,
            in_date=entry.in_date,
        )


def _get_key(place):
    return tuple(record.id for record in place)
