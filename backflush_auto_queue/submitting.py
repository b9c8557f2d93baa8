"""Submitting: reports from outside are accepted, to be posted by jobs."""

import hashlib
import json

from psycopg2.errors import UniqueViolation

from odoo import Command

from odoo.addons.backflush_auto.errors import describe, refuse
from odoo.addons.backflush_auto.reporting.locks import (
    lock_submitted,
    repeat_transaction,
)

ENTRY = "mrp.production.backflush_submit"


class Submitting:
    """Accepts reports for the user of an environment, with that user's rights.

    :param env: the environment of the call
    """

    def __init__(self, env):
        self.env = env
        self.submitted = env["mrp.backflush.submitted"]
        self.items = []

    def submit(self, reports):
        """Accept reports and have jobs post them.

        :param reports: list of plain values, see ``backflush_submit``
        :return: the answer of ``backflush_submit``
        """
        self.items = look_up(self.env, reports)
        for item in self.items:
            if not item.error and not item.report.reference:
                item.error = self._get_missing_reference()
        references = {_get_key(item) for item in self.items if not item.error}
        lock_submitted(self.env, [ENTRY], references)
        accepted = self._accept(reports)
        return {
            "job": self._name(accepted),
            "accepted": sum(not item.error for item in self.items),
            "refused": [
                {
                    "index": index,
                    "reference": item.report.reference if item.report else "",
                    "error": describe(item.error),
                }
                for index, item in enumerate(self.items)
                if item.error
            ],
        }

    def _get_missing_reference(self):
        return refuse(
            self.env._("reference: is needed, so that the report is posted once."),
            field="reference",
        )

    def _accept(self, reports):
        """Keep the reports that are new, or were refused before, and delay them.

        :return: ``mrp.backflush.submitted`` recordset, in the order of the reports
        """
        known = self._find_known()
        vals_by_key, again = {}, []
        for item, values in zip(self.items, reports, strict=True):
            if item.error:
                continue
            key = _get_key(item)
            vals = {
                **get_vals(item),
                "values": values,
                "values_hash": item.payload_hash,
            }
            if key not in known:
                first = vals_by_key.setdefault(key, vals)
                item.error = self._compare(item, first["values_hash"])
            elif known[key].is_refused:
                again.append((known[key], vals))
            else:
                item.error = self._compare(item, known[key].values_hash)
        made = self._create(list(vals_by_key.values()))
        known.update(zip(vals_by_key, made, strict=True))
        sent = self.submitted.union(made, *(line for line, _vals in again))
        for line, vals in again:
            line._renew({**vals, "correction": False})
        sent.sorted("id")._delay()
        accepted = dict.fromkeys(_get_key(it) for it in self.items if not it.error)
        return self.submitted.union(*(known[key] for key in accepted))

    def _find_known(self):
        """The reports that were accepted before: ``{(company id, reference): record}``.

        A reference is one for the company, also where its order is hidden.
        """
        keys = {_get_key(item) for item in self.items if not item.error}
        domain = [
            ("company_id", "in", [company_id for company_id, _reference in keys]),
            ("reference", "in", [reference for _company_id, reference in keys]),
        ]
        found = self.submitted.sudo().search(domain).sudo(False)
        return {
            (line.sudo().company_id.id, line.sudo().reference): line for line in found
        }

    def _compare(self, item, values_hash):
        """The error of a report whose reference was sent before, for something else."""
        if item.payload_hash == values_hash:
            return None
        reference = item.report.reference
        return refuse(
            self.env._(
                "reference: %(reference)s was submitted before, for something else.",
                reference=reference,
            ),
            "duplicate",
            reference=reference,
        )

    def _create(self, vals_list):
        try:
            with self.env.cr.savepoint():
                return self.submitted.sudo().create(vals_list).sudo(False)
        except UniqueViolation:
            # Another transaction has accepted one of them since this one began.
            repeat_transaction(self.env)
            raise

    def _name(self, accepted):
        """The name by which the caller asks for these reports: always the same one."""
        if not accepted:
            return ""
        keys = sorted((it.company_id.id, it.reference) for it in accepted.sudo())
        name = hashlib.sha256(json.dumps(keys).encode()).hexdigest()[:32]
        submissions = self.env["mrp.backflush.submission"].sudo()
        if not submissions.search_count([("name", "=", name)], limit=1):
            submissions.create(
                {
                    "name": name,
                    "company_id": self.env.company.id,
                    "submitted_ids": [Command.set(accepted.ids)],
                }
            )
        return name


def look_up(env, reports):
    """Read reports and find what they are about.

    :param reports: list of plain values
    :return: list of items with their errors, see ``Reporting.look_up``
    """
    return env["mrp.production"]._make_backflush_reporting(ENTRY).look_up(reports)


def get_vals(item):
    """What is kept of a report, beside its values.

    :param item: that was looked up
    :return: values of ``mrp.backflush.submitted``
    """
    report = item.report
    product, bom, picking_type = item.recipe or (None, None, None)
    if item.order:
        product, picking_type = item.order.product_id, item.order.picking_type_id
    else:
        picking_type = picking_type or bom.picking_type_id
    return {
        "reference": report.reference,
        "company_id": item.company_id,
        "user_id": product.env.uid,
        "production_id": item.order.id if item.order else False,
        "product_id": product.id,
        "picking_type_id": picking_type.id,
        "workorder_id": _find_workorder(item),
    }


def _find_workorder(item):
    """The work order that is reported at; one that is unknown, the job refuses."""
    workorder_id = item.report.workorder_id
    known = item.order.workorder_ids.ids if item.order else []
    return workorder_id if workorder_id in known else False


def _get_key(item):
    return item.company_id, item.report.reference
