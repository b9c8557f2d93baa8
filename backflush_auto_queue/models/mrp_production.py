from odoo import api, models
from odoo.fields import Domain

from odoo.addons.backflush_auto.errors import refuse
from odoo.addons.backflush_auto.models.api.mrp_production import checked_call
from odoo.addons.backflush_auto.reporting.payload import MAX_REPORTS, Reader

from ..submitting import Submitting


class MrpProduction(models.Model):
    """What programs call that do not wait until their reports are posted."""

    _inherit = "mrp.production"

    @api.model
    @checked_call
    def backflush_submit(self, reports: list[dict]) -> dict:
        """Accept many reports at once, to be posted by jobs.

        The jobs post with the rights of the caller, the reports of one order in their
        order, each exactly once. A call whose outcome is not known is repeated as it
        was: what was accepted before is accepted again, and posted once. What was
        refused by a job is tried again.

        :param reports: 10 000 at most, each as in ``backflush_post_batch``, with a
            ``reference``
        :return:

            - ``job``: the name by which ``backflush_status`` knows what was accepted;
              empty where nothing was
            - ``accepted``: how many reports were accepted, now or before
            - ``refused``: ``[{index, reference, error: {type, message, …}}]``, those
              that no job will post; ``index`` counts from 0 in ``reports``
        :raises UserError: where ``reports`` is no list, or too long
        """
        self._check_backflush_reports(reports)
        return Submitting(self.env).submit(reports)

    @api.model
    @api.readonly
    @checked_call
    def backflush_status(self, job: str = "", references: list[str] = ()) -> list[dict]:
        """Tell what became of reports that were submitted.

        :param job: what ``backflush_submit`` has answered
        :param references: of reports, 10 000 at most; with ``job``, only its reports
        :return: for each report

            - ``reference``
            - ``state``: ``waiting``, ``posted``, ``refused``, ``discarded`` (by a
              person: it will not be posted) or ``unknown`` (nothing was submitted)
            - ``result``: of ``backflush_post`` where it is posted; else empty
            - ``error``: ``{type, message, …}`` where it is refused, ``failed`` where
              its job has failed; else empty
        :raises UserError: where neither is given, or the job is not known
        """
        reader = Reader(self.env)
        job = reader.read_text(job, "job")
        self._check_backflush_references(references)
        references = [reader.read_text(one, "references") for one in references]
        if not job and not references:
            raise refuse(
                self.env._("job: give a job, or references."), "invalid", field="job"
            )
        domain = Domain("reference", "in", references) if references else Domain.TRUE
        if job:
            domain &= Domain("id", "in", self._find_backflush_submission(job).ids)
        found = self.env["mrp.backflush.submitted"].search(domain, order="id")
        states = [line._get_status() for line in found]
        known = {state["reference"] for state in states}
        return states + [
            {"reference": one, "state": "unknown", "result": {}, "error": {}}
            for one in dict.fromkeys(references)
            if one not in known
        ]

    @api.model
    def _check_backflush_references(self, references):
        """Refuse what is no list of texts, or one that is too long."""
        if not isinstance(references, list | tuple):
            raise refuse(self.env._("references: must be a list."), field="references")
        Reader(self.env).check_number(references, "references", MAX_REPORTS)

    @api.model
    def _find_backflush_submission(self, job):
        """The reports of one call, also those of hidden orders.

        :raises ValidationError: where there was no such call
        """
        submission = self.env["mrp.backflush.submission"].search([("name", "=", job)])
        if not submission:
            raise refuse(
                self.env._("job: nothing was submitted as %(job)s.", job=job),
                "not_found",
                field="job",
            )
        return submission.submitted_ids
