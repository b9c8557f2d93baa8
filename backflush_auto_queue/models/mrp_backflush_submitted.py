from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.backflush_auto.context import as_called
from odoo.addons.backflush_auto.errors import refuse
from odoo.addons.backflush_auto.technical import TechnicalChar

from ..jobs import ALIVE

STATES = [
    ("waiting", "Waiting"),
    ("posted", "Posted"),
    ("refused", "Refused"),
    ("discarded", "Discarded"),
]
# What is posted or discarded is kept for so many days.
KEPT = 30


class MrpBackflushSubmitted(models.Model):
    """A report that was accepted, and is posted by a job.

    What is posted has its record for good in ``mrp.backflush``, by its reference.
    """

    _name = "mrp.backflush.submitted"
    _description = "Submitted Report"
    _rec_name = "reference"
    _order = "id desc"

    reference = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Submitted By",
        readonly=True,
        help="Whoever submitted this report, or sent it again: it is posted with the "
        "rights of that user.",
    )
    production_id = fields.Many2one(
        "mrp.production",
        "Manufacturing Order",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Empty where the report makes its own order.",
    )
    workorder_id = fields.Many2one(
        "mrp.workorder", "Work Order", readonly=True, ondelete="set null"
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="set null")
    picking_type_id = fields.Many2one(
        "stock.picking.type", "Operation Type", readonly=True, ondelete="set null"
    )
    values = fields.Json("Report", readonly=True, help="The report as it was sent.")
    values_hash = TechnicalChar(readonly=True)
    correction = fields.Json(
        readonly=True,
        help="What a person has made of the report, to be posted instead.",
    )
    state = fields.Selection(
        STATES,
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    is_refused = fields.Boolean(
        compute="_compute_problem",
        search="_search_is_refused",
        compute_sudo=True,
        help="It was refused, or its job has failed: nothing happens until a person "
        "sends it again or discards it.",
    )
    status = fields.Selection(
        STATES,
        compute="_compute_problem",
        compute_sudo=True,
        help="What people see: a report whose job has failed is refused.",
    )
    error = fields.Json(readonly=True)
    message = fields.Text("Reason", compute="_compute_problem", compute_sudo=True)
    job_id = fields.Many2one(
        "queue.job",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="queue_job.group_queue_job_manager",
    )
    backflush_id = fields.Many2one(
        "mrp.backflush", "Posting", readonly=True, ondelete="set null"
    )

    _reference_uniq = models.Constraint(
        "UNIQUE(company_id, reference)",
        "A report with this reference was submitted before.",
    )

    @api.depends("state", "error", "job_id.state", "job_id.exc_message")
    @api.depends_context("lang")
    def _compute_problem(self):
        for line in self:
            error = line._get_error()
            line.is_refused = bool(error)
            line.status = "refused" if error else line.state
            line.message = error.get("message", False)

    def _get_error(self):
        """Why this report was not posted; empty where it was, or may be yet."""
        self.ensure_one()
        if self.state == "refused":
            return self.error
        job = self.job_id
        if self.state != "waiting" or job.state in ALIVE:
            return {}
        reason = job.exc_message or self.env._("Its job has ended without posting it.")
        return {"type": "failed", "message": reason}

    @api.model
    def _search_is_refused(self, operator, value):
        if operator != "in":
            return NotImplemented
        alive = self.env["queue.job"].sudo()._search([("state", "in", ALIVE)])
        # The job is for managers of the queue: whoever reads the report sees no more.
        dead = self.sudo()._search(
            [("state", "=", "waiting"), ("job_id", "not in", alive)]
        )
        refused = Domain("state", "=", "refused") | Domain("id", "in", dead)
        return refused if True in value else ~refused

    @api.autovacuum
    def _gc_settled(self):
        """Delete what was posted or discarded long ago. The postings stay."""
        settled = [("state", "in", ("posted", "discarded"))]
        self.sudo().search([*settled, ("write_date", "<", f"-{KEPT}d")]).unlink()

    # --- Buttons ---

    def action_send_again(self):
        """Have jobs post these reports as they are, with the rights of this user."""
        lines = as_called(self)
        lines._check_refused()
        lines.sorted("id")._send_again()
        return True

    def action_discard(self):
        """Never post these reports."""
        lines = as_called(self)
        lines._check_refused()
        jobs = lines.sudo().job_id
        lines.sudo().write({"state": "discarded", "user_id": self.env.uid})
        lines._end_jobs(jobs)
        return True

    def action_correct(self):
        """Open the dialog in which a person corrects this report."""
        lines = as_called(self)
        lines._check_refused()
        lines.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct %(reference)s", reference=lines.reference),
            "res_model": "mrp.backflush.submitted.correction",
            "view_mode": "form",
            "target": "new",
            "context": {"default_submitted_id": lines.id},
        }

    def _check_refused(self):
        """Refuse what is posted, waits to be, or may not be seen.

        :raises UserError: that names the reports
        """
        self.check_access("read")
        others = self.filtered(lambda line: not line.is_refused)
        if others:
            raise refuse(
                self.env._(
                    "Only refused reports can be sent again, corrected or discarded, "
                    "not %(references)s.",
                    references=", ".join(others.mapped("reference")),
                ),
                "state",
            )

    # --- Answers ---

    def _get_status(self):
        """What ``backflush_status`` says of this report."""
        self.ensure_one()
        line = self.sudo()
        error = line._get_error()
        result = line.backflush_id._get_replayed_result() if line.backflush_id else {}
        return {
            "reference": line.reference,
            "state": "refused" if error else line.state,
            "result": {**result, "replayed": False} if result else {},
            "error": error,
        }
