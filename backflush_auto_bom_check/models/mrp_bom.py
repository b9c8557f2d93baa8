from odoo import api, fields, models
from odoo.fields import Domain

from ..check.bom_check import BomCheck

ACTIVITY_TYPE = "backflush_auto_bom_check.mail_activity_type_bom_check"
CURSOR = "backflush_auto.bom_check_cursor"
# What a person changes on a bill of materials to mend a finding.
CHECKED_FIELDS = {
    *("active", "backflush", "backflush_shortage", "bom_line_ids", "operation_ids"),
    *("product_id", "product_qty", "product_tmpl_id", "product_uom_id", "type"),
}
# Bills of materials that the scheduled check handles in one transaction.
BATCH = 200


class MrpBom(models.Model):
    _name = "mrp.bom"
    _inherit = ["mrp.bom", "mail.activity.mixin"]

    backflush_responsible_id = fields.Many2one(
        "res.users",
        check_company=True,
        domain="[('share', '=', False)]",
        help="Who gets an activity when the check of this bill of materials finds an "
        "error or a warning. Empty: the responsible of the product.",
    )
    backflush_finding_ids = fields.One2many(
        "mrp.backflush.finding",
        "bom_id",
        "Findings",
        readonly=True,
        groups="mrp.group_mrp_user",
    )
    backflush_finding_count = fields.Integer(
        "Open Findings",
        compute="_compute_backflush_finding_count",
        groups="mrp.group_mrp_user",
        help="What the last check has found and nobody has mended or ignored.",
    )

    @api.depends("backflush_finding_ids.state")
    def _compute_backflush_finding_count(self):
        counts = dict(
            self.env["mrp.backflush.finding"]._read_group(
                [("bom_id", "in", self.ids), ("state", "=", "open")],
                ["bom_id"],
                ["__count"],
            )
        )
        for bom in self:
            bom.backflush_finding_count = counts.get(bom._origin, 0)

    def write(self, vals):
        res = super().write(vals)
        if "backflush_responsible_id" in vals:
            self._reassign_backflush_activities()
        if CHECKED_FIELDS.intersection(vals):
            # What was mended shall not be listed until the next scheduled check.
            found = self.sudo().filtered("backflush_finding_count")
            found._check_backflush()
        return res

    def action_backflush_on(self):
        """Switch backflushing on for these bills of materials, and check them.

        :return: notification with the number of findings
        """
        notice = super().action_backflush_on()
        self._check_backflush()
        return self._add_backflush_findings(notice)

    def action_backflush_check(self):
        """Check these bills of materials.

        :return: action that shows the open findings, or a notification if there are
            none
        """
        self.check_access("write")
        checked = self._check_backflush()
        if any(self.mapped("backflush_finding_count")):
            return self.action_view_backflush_findings()
        message = (
            self.env._("All is well: %(count)s components checked.", count=checked)
            if checked
            else self.env._("Nothing to check: no component is backflushed here.")
        )
        return self._notify_backflush(message, "success" if checked else "info")

    def action_view_backflush_findings(self):
        """Open the findings of these bills of materials."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto_bom_check.mrp_backflush_finding_action"
        )
        action["domain"] = [("bom_id", "in", self.ids)]
        action["context"] = {"search_default_open": 1, "one_bom": len(self) == 1}
        return action

    @api.model
    def _cron_check_backflush(self):
        """Check all bills of materials in batches, until the time of the job is up.

        The next run continues where this one has stopped.
        """
        parameters = self.env["ir.config_parameter"]
        last = int(parameters.get_param(CURSOR, 0))
        ids = self._find_backflush_to_check(last)
        time_left = self.env["ir.cron"]._commit_progress(remaining=len(ids))
        while ids and time_left:
            batch, ids = ids[:BATCH], ids[BATCH:]
            self.browse(batch).exists()._check_backflush()
            time_left = self.env["ir.cron"]._commit_progress(len(batch))
            self.env.invalidate_all()
            last = batch[-1]
        parameters.set_param(CURSOR, str(last if ids else 0))

    @api.model
    def _find_backflush_to_check(self, last):
        """Bills of materials to check, and those whose findings have to be closed.

        :param last: the id after which to begin
        :return: list of ids in their order
        """
        domain = self._get_backflush_check_domain()
        domain |= Domain("backflush_finding_ids.state", "=", "open")
        everything = self.with_context(active_test=False)
        return everything.search(domain & Domain("id", ">", last), order="id").ids

    @api.model
    def _get_backflush_check_domain(self):
        """Bills of materials that orders are created from and backflushed by."""
        return (
            Domain("backflush", "=", True)
            & Domain("type", "!=", "phantom")
            & Domain("active", "=", True)
            & Domain("product_tmpl_id.active", "=", True)
        )

    def _check_backflush(self):
        """Find what will be deducted wrongly, and keep it as findings.

        Findings of bills of materials that are not backflushed any more are closed.

        :return: number of checked components
        """
        everything = self.sudo()
        boms = everything.filtered_domain(self._get_backflush_check_domain())
        check = BomCheck(boms)
        findings = everything.env["mrp.backflush.finding"]
        findings._update_findings(everything, check.find())
        everything._update_backflush_activities()
        return len(check.components)

    # --- Activities and notifications ---

    def _update_backflush_activities(self):
        """Keep one activity on each bill of materials with errors or warnings."""
        boms = self.sudo()
        activities = boms.activity_search([ACTIVITY_TYPE]).grouped("res_id")
        findings = boms.backflush_finding_ids._filter_urgent().grouped("bom_id")
        no_activity = self.env["mail.activity"]
        no_finding = boms.env["mrp.backflush.finding"]
        companies = no_finding._get_note_companies()
        for bom in boms.filtered(lambda b: b in findings or b.id in activities):
            bom._update_backflush_activity(
                activities.get(bom.id, no_activity),
                findings.get(bom, no_finding),
                companies,
            )

    def _update_backflush_activity(self, activity, findings, companies):
        self.ensure_one()
        user = activity.user_id or self._get_backflush_responsible()
        note = findings.with_context(lang=user.lang)._get_summary(companies)
        if activity and not findings:
            message = self.env._("Nothing is left to mend.")
            activity.action_feedback(feedback=message)
        elif activity:
            activity.note = note
        elif user and not all(findings.mapped("is_announced")):
            # Send no mail: the check may find many bills of materials at once.
            quiet = self.with_context(mail_activity_quick_update=True)
            quiet.activity_schedule(ACTIVITY_TYPE, user_id=user.id, note=note)
        else:
            return
        findings.filtered(lambda finding: not finding.is_announced).is_announced = True

    def _get_backflush_responsible(self):
        """The responsible of the BoM or of its product, if they may read the BoM."""
        self.ensure_one()
        company = self.company_id or self.env.company
        template = self.product_tmpl_id.with_company(company)
        user = self.backflush_responsible_id or template.responsible_id
        is_reader = user.active and self.with_user(user).has_access("read")
        return user if is_reader else user.browse()

    def _reassign_backflush_activities(self):
        """Assign the open activities to those who are responsible now."""
        for activity in self.sudo().activity_search([ACTIVITY_TYPE]):
            user = self.sudo().browse(activity.res_id)._get_backflush_responsible()
            activity.user_id = user or activity.user_id

    def _add_backflush_findings(self, notice):
        """Add the number of open findings to a notification.

        :param notice: see ``_notify_backflush``
        """
        message, count = notice["params"]["message"], self._count_backflush_open()
        if not count:
            found = self.env._("The check finds nothing.")
            return self._notify_backflush(f"{message} {found}")
        link = {"label": self.env._("BoM Check"), "url": "/odoo/bom-check"}
        found = self.env._("The check has findings (%(count)s):", count=count)
        text = f"{message} {found} %s"
        return self._notify_backflush(text, "warning", links=[link])

    def _count_backflush_open(self):
        return sum(self.mapped("backflush_finding_count"))
