from collections import Counter

from odoo import api, fields, models

from ...accuracy.causes import CLEAR, SIGNATURES
from ...accuracy.estimator import History

LEARNED = ("line", "loss", "unclear")
# A cause that is less probable is not named among those that may be.
WORTH_NAMING = 0.15
# Of what happens once. A slip of the unit is one each time, and so is a miscount.
EVENTS = ("swap", "unreported", "scrap")
# An event that comes so often is none.
RECURRENT = 3
# What is learned anew each night is written where it differs by so much of the error
# of a count.
WORTH_WRITING = 0.1


class MrpBackflushCount(models.Model):
    _inherit = "mrp.backflush.count"

    def _filter_epoch(self):
        """The counts since the component's lines are as they are now."""
        epochs = self.line_ids.bom_line_id.filtered("backflush_epoch")
        if not epochs:
            return self
        latest = max(epochs.mapped("backflush_epoch"))
        return self.filtered(lambda count: count.previous_id.date >= latest)

    def _prepare_history(self, lines):
        """The counts of one component at one location as plain numbers.

        :param lines: list of ``mrp.bom.line``, one of them maybe empty
        :return: :class:`.History`
        """
        now, company = fields.Datetime.now(), self.company_id
        events, expected = self._count_events(), []
        for count in self:
            by_line = {it.bom_line_id: it.expected_qty for it in count.line_ids}
            expected.append([by_line.get(line, 0.0) for line in lines])
        return History(
            differences=[count._get_unexplained(events) for count in self],
            expected=expected,
            days=[_get_days(it.date - it.previous_id.date) for it in self],
            ages=[max(_get_days(now - count.date), 0.0) for count in self],
            count_sd=company.backflush_count_sd,
            process_sd=company.backflush_process_sd / 100,
        )

    def _get_unexplained(self, events):
        """The difference without what was seen to have another cause.

        :param events: as counted by :meth:`_count_events`
        """
        if self.cause in SIGNATURES and events[self._get_event()] < RECURRENT:
            return self._get_drift() - self.explained_qty + self.recipe_qty
        return self._get_drift()

    def _get_event(self):
        """What tells one event from another: its recipe, or the other component."""
        figures = self.figures or {}
        names = ("bom", "step", "twice", "other")
        return (self.cause, *map(figures.get, names))

    def _count_events(self):
        """How often each event has happened; a miscount is none that comes again."""
        return Counter(count._get_event() for count in self if count.cause in EVENTS)

    def _learn(self, lines, history, result):
        """Say of what has no other cause whether a line, or a loss, explains it."""
        clear = [line.value if line.is_clear() else 0.0 for line in result.lines]
        loss = result.loss.value if result.loss.is_clear() else 0.0
        maybe = self._prepare_candidates(lines, result)
        events = self._count_events()
        is_known = any(clear) or any(self.line_ids.mapped("wrong_qty"))
        for count, row, days in zip(self, history.expected, history.days, strict=True):
            by_line = [beta * part for beta, part in zip(clear, row, strict=True)]
            if is_known:
                count._learn_lines(dict(zip(lines, by_line, strict=True)))
            vals = count._prepare_learned(sum(by_line), loss * days, events, maybe)
            if count._is_worth_writing(vals):
                count.write({**vals, "is_stale": count._has_hidden(vals)})

    def _has_hidden(self, vals):
        """Whether something else may show once what the recipe takes is left out."""
        sd = self._get_sd()
        left = self._get_drift() - vals["recipe_qty"]
        return abs(vals["recipe_qty"] - self.recipe_qty) > sd and abs(left) > CLEAR * sd

    @api.model
    def _look_again(self, recipes):
        """Look for causes anew where more is known of recipes, one look at stock.

        :param recipes: those that were read before, see ``_get_backflush_recipes``
        :return: whether there was any
        """
        stale = self.sudo().search([("is_stale", "=", True)], order="date", limit=1)
        if not stale:
            return False
        session = stale._get_session_domain()
        stale = stale.search([*session, ("is_stale", "=", True)])
        concerned = stale._find_recipes(recipes)
        products = {product for recipe in concerned for product in recipe.quantities}
        stale.search(
            [
                *(*session, ("set_aside", "=", False), "|"),
                *(("cause", "!=", "noise"), ("product_id", "in", list(products))),
            ]
        )._set_causes(concerned)
        stale.is_stale = False
        return True

    def _prepare_learned(self, by_line, lost, events, maybe):
        """The values of a count whose recipe and loss are known as well as they are."""
        explained, drift = by_line + lost, self._get_drift()
        vals = {"recipe_qty": explained}
        if self.cause in SIGNATURES and events[self._get_event()] < RECURRENT:
            return vals | {
                "explained_qty": self.explained_qty - self.recipe_qty + explained
            }
        if self.cause == "noise":
            return vals
        if explained * drift > 0 and abs(explained) >= abs(drift) / 2:
            kind = "line" if abs(by_line) >= abs(lost) else "loss"
            return vals | {"cause": kind, "explained_qty": explained, "figures": {}}
        if self.cause in SIGNATURES:
            return vals
        return vals | {"cause": "unclear", "explained_qty": explained, "figures": maybe}

    def _is_worth_writing(self, vals):
        least = WORTH_WRITING * self.company_id.backflush_count_sd
        return any(
            abs(self[name] - value) > least
            if isinstance(value, float)
            else (self[name] or {}) != (value or {})
            for name, value in vals.items()
        )

    def _learn_lines(self, wrong):
        """Keep by how much each line was wrong in this interval.

        :param wrong: ``{BoM line: quantity}``
        """
        least = WORTH_WRITING * self.company_id.backflush_count_sd
        for part in self.line_ids:
            quantity = wrong.get(part.bom_line_id, 0.0)
            if abs(part.wrong_qty - quantity) > least:
                part.wrong_qty = quantity

    def _prepare_candidates(self, lines, result):
        """What may be the cause where it cannot be told: a count would decide it."""
        ranked = sorted(
            (guess.probability, line.bom_id.product_tmpl_id.id)
            for line, guess in zip(lines, result.lines, strict=True)
            if line and guess.probability >= WORTH_NAMING
        )
        if not ranked or any(guess.is_clear() for guess in result.lines):
            return {}
        names = [template for _probability, template in reversed(ranked)]
        return {"candidates": names[:3]}


def _get_days(delta):
    return delta.total_seconds() / 86400
