from odoo import Command, api, models

from ...accuracy.estimator import FEWEST_COUNTS, estimate

CURSOR = "backflush_auto_accuracy.propose_cursor"
# Components that the scheduled action handles in one transaction.
BATCH = 100
DAYS_A_YEAR = 365.25
# Of fewer counts not even a drift can be told.
FEWEST_FOR_ALARM = 2


class MrpBackflushProposal(models.Model):
    _inherit = "mrp.backflush.proposal"

    @api.model
    def _cron_propose(self):
        """Weigh the counts of all components, until the time of the job is up.

        Managers of manufacturing find proposals, and whoever is responsible for a
        component that drifts an activity.

        The next run continues where this one has stopped.
        """
        parameters = self.env["ir.config_parameter"].sudo()
        counts = self.env["mrp.backflush.count"]
        ids = self._find_counted_products(int(parameters.get_param(CURSOR, 0)))
        time_left = self._keep_progress(remaining=len(ids))
        while ids and time_left:
            batch, ids = ids[:BATCH], ids[BATCH:]
            products = self.env["product.product"].browse(batch).exists()
            self._propose(products)
            counts._alarm(products)
            parameters.set_param(CURSOR, str(batch[-1]))
            time_left = self._keep_progress(len(batch))
            self.env.invalidate_all()
        recipes = {}
        while not ids and time_left:
            if not counts._look_again(recipes):
                parameters.set_param(CURSOR, "0")
                break
            left = counts.sudo().search_count([("is_stale", "=", True)])
            time_left = self._keep_progress(remaining=left)
            self.env.invalidate_all()

    @api.model
    def _keep_progress(self, *args, **kwargs):
        """Commit what is done, where this is the scheduled action and not a call of it.

        :return: the seconds that are left
        """
        if not self.env.context.get("ir_cron_progress_id"):
            return float("inf")
        return self.env["ir.cron"]._commit_progress(*args, **kwargs)

    @api.model
    def _find_counted_products(self, last):
        """Components with several counts, after a given id, in that order."""
        groups = self.env["mrp.backflush.count"]._read_group(
            [("set_aside", "=", False)],
            ["product_id"],
            having=[("__count", ">=", FEWEST_FOR_ALARM)],
        )
        return sorted(product.id for [product] in groups if product.id > last)

    @api.model
    def _propose(self, products):
        """Weigh the counts of components, and keep what should be corrected."""
        counts = self.env["mrp.backflush.count"].sudo()
        counts = counts.search(
            [("product_id", "in", products.ids), ("set_aside", "=", False)],
            order="date, id",
        )
        best = {}
        for place in counts.grouped(
            lambda count: (count.product_id, count.company_id, count.location_id)
        ).values():
            place = place._filter_epoch()
            if len(place) < FEWEST_COUNTS:
                continue
            for line, vals in self._weigh(place).items():
                key = line, place.company_id
                if key not in best or best[key]["probability"] < vals["probability"]:
                    best[key] = vals
        self.sudo()._update_proposals(products, best)

    @api.model
    def _weigh(self, counts):
        """Weigh the counts of one component at one location.

        :param counts: ``mrp.backflush.count`` of one epoch, the oldest first
        :return: ``{BoM line: values of a proposal}``
        """
        lines = list(counts.line_ids.bom_line_id)
        if counts.line_ids.filtered(lambda it: not it.bom_line_id):
            lines.append(self.env["mrp.bom.line"])
        if not lines:
            return {}
        history = counts._prepare_history(lines)
        result = estimate(history)
        counts._learn(lines, history, result)
        found = {}
        for column, (line, guess) in enumerate(zip(lines, result.lines, strict=True)):
            if line and line.bom_id.active and guess.is_clear():
                owner = self.with_company(counts.company_id)
                vals = owner._prepare_vals(line, column, history, result)
                if vals and vals["effect_value"] >= (
                    counts.company_id.backflush_proposal_value
                ):
                    found[line] = vals | {
                        "company_id": counts.company_id.id,
                        "count_ids": [Command.set(counts.ids)],
                        "evidence": len(counts),
                    }
        return found

    @api.model
    def _prepare_vals(self, line, column, history, result):
        guess = result.lines[column]
        betas = guess.value, guess.low, guess.high
        kind = "scrap" if line.backflush_scrap else "quantity"
        vals = self._prepare_kind_vals(line, kind, *betas)
        other = "quantity" if kind == "scrap" else "scrap"
        if vals["proposed_value"] in (vals["current_value"], 0) or (
            vals["proposed_value"] < 0
        ):
            # Too small for the decimals of the quantity, or no scrap any more.
            vals = self._prepare_kind_vals(line, other, *betas)
        if vals["proposed_value"] < 0 or (
            vals["proposed_value"] == vals["current_value"]
        ):
            return {}
        expected = sum(row[column] for row in history.expected)
        days, missing = sum(history.days), sum(history.differences)
        lost = result.loss.probability * result.loss.value * days
        explained = guess.value * expected
        cost = line.product_id.with_company(self.env.company).standard_price
        a_year = explained / max(days, 1.0) * DAYS_A_YEAR
        return {
            **vals,
            "beta": guess.value,
            "beta_low": guess.low,
            "beta_high": guess.high,
            "probability": guess.probability,
            "effect_value": abs(a_year) * cost,
            "figures": {
                "missing": missing,
                "share": 100 * explained / missing if missing else 0.0,
                "loss": 100 * lost / missing if missing else 0.0,
            },
        }

    @api.model
    def _update_proposals(self, products, found):
        """Keep what was found: new, brought up to date, or gone.

        :param found: ``{(BoM line, company): values}``
        """
        known = self.search([("product_id", "in", products.ids)], order="id")
        opened = known.filtered(lambda it: it.state == "open")
        by_key = {(it.bom_line_id, it.company_id): it for it in opened}
        rejected = {}
        for proposal in known.filtered(lambda it: it.state == "rejected"):
            rejected[proposal.bom_line_id, proposal.company_id] = proposal
        for key, vals in found.items():
            silenced = rejected.get(key)
            if silenced and silenced._is_silent(vals["evidence"]):
                continue
            if key in by_key:
                kept = by_key.pop(key)
                betas = vals["beta"], vals["beta_low"], vals["beta_high"]
                # A person has chosen its kind, maybe.
                own = self._prepare_kind_vals(key[0], kept.kind, *betas)
                kept.write({**vals, **own} if own["proposed_value"] >= 0 else vals)
            else:
                self.create({**vals, "bom_line_id": key[0].id})
        self.union(*by_key.values()).unlink()

    def _is_silent(self, evidence):
        """Whether a rejected proposal still stands, with so many counts."""
        epoch = self.bom_line_id.backflush_epoch
        if epoch and epoch >= self.decision_date:
            return False
        return evidence < 2 * self.evidence
