from odoo.exceptions import AccessError

from odoo.addons.backflush_auto.tests.common import BackflushCase
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import Job


class QueueCase(BackflushCase):
    """Chairs are reported by the worker, and posted by jobs that the test runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 100)
        cls._add_stock(cls.bolt, 200)
        cls.channel = cls.warehouse.manu_type_id
        cls.jobs = cls.env["queue.job"]
        cls.before = cls.jobs.search([])

    def _submit(self, *reports, user=None, **context):
        orders = self.env["mrp.production"].with_user(user or self.worker)
        return orders.with_context(**context).backflush_submit(list(reports))

    def _status(self, job="", references=(), user=None):
        orders = self.env["mrp.production"].with_user(user or self.worker)
        return orders.backflush_status(job, list(references))

    def _get_states(self, *references):
        status = self._status(references=references)
        return {row["reference"]: row["state"] for row in status}

    def _get_submitted(self, reference):
        lines = self.env["mrp.backflush.submitted"].with_user(self.worker)
        return lines.search([("reference", "=", reference)])

    def _find_jobs(self, *states):
        return (self.jobs.search([], order="id") - self.before).filtered(
            lambda job: job.state in (states or ("pending",))
        )

    def _run(self, jobs=None):
        """Run jobs as a worker of the queue does, but for what it commits."""
        for record in self._find_jobs() if jobs is None else jobs:
            job = Job.load(self.env, record.uuid)
            with self.enter_registry_test_mode():
                try:
                    job.perform()
                except RetryableJobError as error:
                    job.postpone(str(error), error.seconds)
                except AccessError as error:
                    job.set_failed(exc_message=str(error))
                else:
                    job.set_done()
                job.store()
            self.env.invalidate_all()
