"""Corrections from outside: read, held like reports, and posted once."""

import hashlib
import json

from odoo.exceptions import ConcurrencyError

from ..errors import refuse
from ..texts import format_quantity
from .locks import lock_postings, repeat_transaction
from .payload import Reader, check_quantity
from .replay import find_posted, get_reference_problem


class Correcting:
    """Corrects postings for the user of an environment, with that user's rights.

    :param env: the environment of the call
    :param entries: each ``model.method`` that the call can begin with
    """

    def __init__(self, env, *entries):
        self.env = env
        self.entries = entries

    def correct(self, posting, quantity, reason, reference="", **options):
        """Correct one posting.

        :param posting: ``mrp.backflush`` record
        :param quantity: what it really was, in the order's unit
        :param reason: a text
        :param reference: of the correction, may be empty
        :param options: see :class:`..posting.correction.Correction`
        :return: the result, plain values
        :raises UserError: where it is refused; nothing is moved then
        """
        reader = Reader(self.env)
        quantity = reader.read_quantity(quantity, "quantity")
        reason = reader.read_text(reason, "reason")
        reference = reader.read_text(reference, "reference")
        check_quantity(self.env, quantity, posting.product_uom_id)
        payload_hash = _get_hash(posting, quantity, reason)
        self._hold(posting, reference)
        known = reference and self._replay(posting, reference, payload_hash)
        if known:
            return known
        vals = {
            "reason": reason or False,
            "reference": reference or False,
            "payload_hash": payload_hash,
        }
        try:
            with self.env.cr.savepoint():
                return self._post(posting, quantity, vals, options)
        except ConcurrencyError:
            known = reference and self._replay(posting, reference, payload_hash)
            if known:
                return known
            repeat_transaction(self.env)
            raise

    def _hold(self, posting, reference):
        """Wait for other postings of the same products, and of this reference."""
        order = posting.production_id
        references = [(posting.company_id.id, reference)] if reference else []
        products = order._get_backflush_products()
        lock_postings(self.env, self.entries, products, references)

    def _replay(self, posting, reference, payload_hash):
        """What was answered before; None where nothing was posted.

        :raises UserError: where the reference was used for something else
        """
        known = find_posted(self.env, posting.company_id.id, [reference])
        if known and known.payload_hash == payload_hash:
            return known._get_replayed_result()
        if known:
            raise get_reference_problem(known)
        return None

    def _post(self, posting, quantity, vals, options):
        posting._check_backflush_correctable(quantity)
        order = posting.production_id
        correction = order._make_backflush_correction(posting, quantity, **options)
        check_correction(correction, vals["reason"])
        record = correction.post(vals)
        result = record._get_backflush_correction_result()
        record.sudo()._keep_report_result(result)
        return result


def check_correction(correction, reason):
    """Refuse a correction, with all that speaks against it.

    :param correction: :class:`..posting.correction.Correction`
    :param reason: that was given for it
    :raises UserError: that names the nearest quantity that is possible
    """
    env, posting, unit = correction.env, correction.posting, correction.unit
    problems, lowest = correction.find_problems()
    others = posting._get_backflush_correction_problems(reason)
    if not problems and not others:
        return
    title = env._(
        "%(posting)s cannot be corrected to %(quantity)s %(unit)s:",
        posting=posting.name,
        quantity=format_quantity(env, correction.quantity),
        unit=unit.name,
    )
    lines = [title, *(f"- {problem}" for problem in (*problems, *others))]
    if problems and not others and unit.compare(lowest, posting.quantity_left) < 0:
        lines.append(
            env._(
                "Correct it to %(lowest)s %(unit)s or more.",
                lowest=format_quantity(env, lowest),
                unit=unit.name,
            )
        )
    raise refuse("\n".join(lines), "state", lowest=lowest)


def _get_hash(posting, quantity, reason):
    """Tell whether two corrections with one reference are the same."""
    values = ["correction", posting.id, quantity, reason]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()
