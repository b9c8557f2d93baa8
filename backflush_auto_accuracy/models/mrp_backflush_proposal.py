from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount
from odoo.tools.misc import formatLang

# The field of the line that each kind of proposal changes.
TARGETS = {"quantity": "product_qty", "scrap": "backflush_scrap"}


class MrpBackflushProposal(models.Model):
    _name = "mrp.backflush.proposal"
    _description = "Proposed Correction of a BoM Line"
    _order = "effect_value desc, id"
    _rec_name = "product_id"

    bom_line_id = fields.Many2one(
        "mrp.bom.line",
        "BoM Line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    bom_id = fields.Many2one(
        related="bom_line_id.bom_id", store=True, string="Bill of Materials"
    )
    product_id = fields.Many2one(
        related="bom_line_id.product_id", store=True, string="Component"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("quantity", "Quantity"), ("scrap", "Scrap %")],
        required=True,
        readonly=True,
        help="What of the line is to be changed.",
    )
    beta = fields.Float(
        "Wrong By", readonly=True, help="What is used beyond the line, as a part of it."
    )
    beta_low = fields.Float(readonly=True)
    beta_high = fields.Float(readonly=True)
    current_value = fields.Float("Current", digits=(16, 4), readonly=True)
    proposed_value = fields.Float("Proposed", digits=(16, 4), readonly=True)
    low = fields.Float(
        digits=(16, 4), readonly=True, help="The lower end of what 95 % lie within."
    )
    high = fields.Float(
        digits=(16, 4), readonly=True, help="The upper end of what 95 % lie within."
    )
    probability = fields.Float(
        readonly=True,
        aggregator="avg",
        help="How probable it is that this line is wrong, rather than another cause.",
    )
    effect_value = fields.Monetary(
        "Worth a Year",
        readonly=True,
        help="What the line gets wrong in a year, at the component's cost.",
    )
    count_ids = fields.Many2many(
        "mrp.backflush.count", string="Counts", readonly=True, help="The evidence."
    )
    evidence = fields.Integer(
        "Number of Counts", readonly=True, aggregator=None, help="When it was made."
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
            ("undone", "Undone"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    user_id = fields.Many2one("res.users", "Decided By", readonly=True)
    decision_date = fields.Datetime("Decided On", readonly=True)
    figures = fields.Json(readonly=True, help="The numbers that the text is made of.")
    explanation = fields.Text(compute="_compute_explanation")

    _one_open = models.UniqueIndex(
        "(bom_line_id, company_id) WHERE state = 'open'",
        "There is a proposal for this line already.",
    )

    @api.depends("figures", "kind", "current_value", "proposed_value", "low", "high")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for proposal in self:
            proposal.explanation = proposal._get_explanation()

    def _get_explanation(self):
        """The proposal and its evidence in a sentence that people understand."""
        self.ensure_one()
        values = self._format_figures()
        text = self.env._(
            "%(component)s for %(product)s: %(current)s → %(proposed)s (between "
            "%(low)s and %(high)s). ",
            **values,
        )
        if (self.figures or {}).get("missing", 0.0) >= 0:
            text += self.env._(
                "%(counts)s counts found %(quantity)s fewer than on record; "
                "%(product)s explains %(share)s %% of that, loss in time %(loss)s %%. "
                "Worth %(value)s a year.",
                **values,
            )
        else:
            text += self.env._(
                "%(counts)s counts found %(quantity)s more than on record; "
                "%(product)s explains %(share)s %% of that, loss in time %(loss)s %%. "
                "Worth %(value)s a year.",
                **values,
            )
        return text

    def _format_figures(self):
        """The names and numbers of the explanation, in the language of the reader."""
        figures = self.figures or {}
        missing = figures.get("missing", 0.0)
        plain = self.with_context(display_default_code=False)
        return {
            "component": plain.product_id.display_name,
            "product": plain.bom_id.product_tmpl_id.display_name,
            **{
                name: self._format_value(self[field])
                for name, field in (
                    ("current", "current_value"),
                    ("proposed", "proposed_value"),
                    ("low", "low"),
                    ("high", "high"),
                )
            },
            "counts": self.evidence,
            "quantity": formatLang(self.env, abs(missing), digits=0),
            "share": self._format_percent(figures.get("share", 0.0)),
            "loss": self._format_percent(figures.get("loss", 0.0)),
            "value": format_amount(self.env, self.effect_value, self.currency_id),
        }

    def _format_percent(self, value):
        # A loss of next to nothing is no "-0".
        return formatLang(self.env, round(value) or 0.0, digits=0)

    def _format_value(self, value):
        if self.kind == "scrap":
            return f"{formatLang(self.env, value, digits=1)} %"
        return formatLang(self.env, value, dp="Product Unit")

    # --- Decisions ---

    def action_accept(self):
        """Write the proposed values to the lines, and the evidence to their BoMs.

        :return: a notification that names open orders with the old quantity, or True
        :raises AccessError: for everybody but managers
        :raises UserError: where one is not open, or its line was changed
        """
        self._check_may_decide("open", "current_value")
        for proposal in self:
            proposal._decide("accepted")
            proposal._write_line(proposal.proposed_value)
            proposal._tell_bom(
                self.env._("Corrected by counts: %s", proposal.explanation)
            )
        return self._notify_open_orders()

    def action_undo(self):
        """Take accepted proposals back: the lines get the values that they had.

        :raises AccessError: for everybody but managers
        :raises UserError: where one was not accepted, or its line was changed since
        """
        self._check_may_decide("accepted", "proposed_value")
        for proposal in self:
            proposal._decide("undone")
            proposal._write_line(proposal.current_value)
            proposal._tell_bom(
                self.env._("Correction taken back: %s", proposal.explanation)
            )
        return self._notify_open_orders()

    def action_reject(self):
        """Silence proposals until there are twice as many counts to say so.

        :raises AccessError: for everybody but managers
        :raises UserError: where one is not open
        """
        self._check_may_decide("open")
        for proposal in self:
            proposal._decide("rejected")
        return True

    def action_switch_kind(self):
        """Correct the scrap of the line instead of its quantity, or the other way.

        :raises AccessError: for everybody but managers
        :raises UserError: where one is not open
        """
        self._check_may_decide("open")
        for proposal in self:
            kind = "scrap" if proposal.kind == "quantity" else "quantity"
            line, betas = proposal.bom_line_id, proposal._get_betas()
            values = self._prepare_kind_vals(line, kind, *betas)
            if values["proposed_value"] < 0:
                raise UserError(
                    self.env._(
                        "%(component)s: less is used than the line says, which is no "
                        "scrap.",
                        component=proposal.product_id.display_name,
                    )
                )
            proposal.sudo().write(values)
        return True

    def _get_betas(self):
        return self.beta, self.beta_low, self.beta_high

    @api.model
    def _prepare_kind_vals(self, line, kind, *betas):
        """The values of a proposal that changes a line by some parts of it."""
        current = line[TARGETS[kind]]
        if kind == "scrap":
            values = [((1 + current / 100) * (1 + it) - 1) * 100 for it in betas]
            values = [round(value, 2) for value in values]
        else:
            digits = self.env["decimal.precision"].precision_get("Product Unit")
            values = [round(current * (1 + beta), digits) for beta in betas]
        names = ("proposed_value", "low", "high")
        return {
            "kind": kind,
            "current_value": current,
            **dict(zip(names, values, strict=True)),
        }

    def _check_may_decide(self, state, value=None):
        self.check_access("read")
        if not self.env.user.has_group("mrp.group_mrp_manager"):
            raise AccessError(
                self.env._("Only managers of manufacturing decide on proposals.")
            )
        for proposal in self:
            if proposal.state != state:
                raise UserError(
                    self.env._(
                        "The proposal for %(component)s has been decided on already.",
                        component=proposal.product_id.display_name,
                    )
                )
            line = proposal.bom_line_id
            now = line[TARGETS[proposal.kind]]
            if value and line.product_uom_id.compare(now, proposal[value]):
                raise UserError(
                    self.env._(
                        "The line of %(component)s has been changed in the meantime.",
                        component=proposal.product_id.display_name,
                    )
                )

    def _decide(self, state):
        # The line is written with the rights of whoever decides, the record is ours.
        self.sudo().write(
            {
                "state": state,
                "user_id": self.env.user.id,
                "decision_date": fields.Datetime.now(),
            }
        )

    def _write_line(self, value):
        self.bom_line_id.write({TARGETS[self.kind]: value})

    def _tell_bom(self, text):
        counts = [
            self.env._(
                "%(count)s: recorded %(recorded)s, counted %(counted)s",
                count=count.display_name,
                recorded=formatLang(self.env, count.recorded_qty, dp="Product Unit"),
                counted=formatLang(self.env, count.counted_qty, dp="Product Unit"),
            )
            for count in self.count_ids.sorted("date")[-10:]
        ]
        items = Markup().join(Markup("<li>%s</li>") % count for count in counts)
        self.bom_id.message_post(body=Markup("<p>%s</p><ul>%s</ul>") % (text, items))

    def _notify_open_orders(self):
        """Say which orders keep the quantity that their BoM had."""
        orders = self.env["mrp.production"].search_count(
            [
                ("bom_id", "in", self.bom_id.ids),
                ("state", "in", ("confirmed", "progress", "to_close")),
            ]
        )
        if not orders:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "Open orders (%(count)s) keep their quantities: take Update BoM on "
                    "those that are to follow.",
                    count=orders,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
