from odoo import models
from odoo.tools.misc import groupby

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import Job, identity_exact

from ...channels import get_channel
from ...jobs import ALIVE, SIZE, TURN


class MrpBackflushSubmitted(models.Model):
    """The jobs that post submitted reports."""

    _inherit = "mrp.backflush.submitted"

    def _send_again(self, vals=None):
        """Post these reports after all, with the rights of this user.

        :param vals: what is changed of them
        """
        jobs = self.sudo().job_id
        self._renew({**(vals or {}), "user_id": self.env.uid})
        self._delay()
        self._end_jobs(jobs)

    def _renew(self, vals):
        """Let these reports wait for a job that is to be made.

        :param vals: what is changed of them
        """
        self.sudo().write({**vals, "state": "waiting", "error": False, "job_id": False})

    def _end_jobs(self, jobs):
        """Cancel jobs that have nothing left to do.

        :param jobs: ``queue.job`` recordset, as superuser
        """
        open_lines = self.sudo().search(
            [("job_id", "in", jobs.ids), ("state", "in", ("waiting", "refused"))]
        )
        (jobs - open_lines.job_id).button_cancelled()

    def _delay(self):
        """Make the jobs that post these reports, as this user, in their order."""
        for channel, group in groupby(self, lambda line: line._get_channel()):
            for start in range(0, len(group), SIZE):
                lines = self.browse(line.id for line in group[start : start + SIZE])
                delayed = lines.with_delay(
                    channel=channel,
                    description=lines._describe(),
                    identity_key=identity_exact,
                )
                job = delayed._post_submitted()
                lines.sudo().job_id = lines._find_job(job.uuid)

    def _get_channel(self):
        """The channel of the line where this report was made."""
        line = self.sudo()
        return get_channel(
            line.workorder_id.workcenter_id.backflush_channel
            or line.picking_type_id.backflush_channel
        )

    def _describe(self):
        first = self[0].sudo().reference
        if len(self) == 1:
            return self.env._("Report %(reference)s", reference=first)
        return self.env._(
            "%(number)s reports from %(reference)s", number=len(self), reference=first
        )

    def _find_job(self, uuid):
        return self.env["queue.job"].sudo().search([("uuid", "=", uuid)])

    def _post_submitted(self):
        """Post these reports. A job does this, in a transaction of its own.

        Reports that have passed to another job since are left to that one.

        :return: what became of them, for the job
        """
        job = self._find_job(self.env.context.get("job_uuid"))
        own = self.sudo().filtered(
            lambda line: line.job_id == job and line.state in ("waiting", "refused")
        )
        ready = own - own._find_early()
        if own and not ready:
            message = self.env._("Earlier reports on the same orders come first.")
            raise RetryableJobError(message, seconds=TURN, ignore_retry=True)
        reports = [
            {**(line.correction or line.values), "reference": line.reference}
            for line in ready.sorted("id")
        ]
        lines, later = (self.browse(it.sorted("id").ids) for it in (ready, own - ready))
        reporting = lines.env["mrp.production"]._make_backflush_reporting(
            "mrp.backflush.submitted._post_submitted", alone=True
        )
        results = reporting.post_all(reports)
        later._delay()
        for line, result in zip(lines, results, strict=True):
            line._note(result)
        posted = sum(result["ok"] for result in results)
        return self.env._(
            "%(posted)s posted, %(refused)s refused, %(later)s later",
            posted=posted,
            refused=len(results) - posted,
            later=len(later),
        )

    def _find_early(self):
        """Those whose turn has not come: earlier reports on their orders wait."""
        waiting = self.search(
            [
                ("production_id", "in", self.production_id.ids),
                ("state", "=", "waiting"),
                ("id", "not in", self.ids),
                ("job_id.state", "in", ALIVE),
            ]
        )
        first = {}
        for line in waiting.sorted("id"):
            first.setdefault(line.production_id, line.id)
        return self.filtered(lambda it: first.get(it.production_id, it.id) < it.id)

    def _note(self, result):
        """Keep what became of this report.

        :param result: of ``backflush_post_batch``
        """
        if result["ok"]:
            vals = {"state": "posted", "backflush_id": result["id"], "error": False}
        else:
            error = result["error"]
            job = self._make_failed_job(error["message"])
            vals = {"state": "refused", "error": error, "job_id": job.id}
        self.sudo().write(vals)

    def _make_failed_job(self, message):
        """Make a job that has failed, to be seen, and run again, among the others."""
        job = Job(
            self._post_submitted,
            channel=self._get_channel(),
            description=self._describe(),
        )
        job.set_failed(exc_name="Refused", exc_message=message, exc_info=message)
        job.store()
        return self._find_job(job.uuid)
