from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.tools import SQL

from ...accuracy.causes import SIGNATURES, Count, find_causes, get_sd

# Counts that are applied within this time are of one look at the stock.
SESSION = timedelta(hours=12)
# Causes that a look at the same counts does not find.
KEPT = ("miscount", "line", "loss")


class MrpBackflushCount(models.Model):
    _inherit = "mrp.backflush.count"

    # --- What is applied ---

    @api.model
    def _record_counts(self, places, before):
        """Keep what was counted, right after Odoo has applied it.

        :param places: see ``stock.quant._read_backflush_places``
        :param before: the marks of the moment before
        """
        if not places:
            return
        # Whoever counts stock need not be of production.
        recorder = self.sudo()
        after = recorder._get_marks()
        counts = recorder.browse()
        for (product, location), parts in places.items():
            counts |= recorder._record_place(product, location, parts, before, after)
        counts._follow_interval()
        counts._explain()

    @api.model
    def _get_marks(self):
        """The latest posting and stock move that there are."""
        self.env["mrp.backflush"].flush_model(["name"])
        self.env["stock.move"].flush_model(["state"])
        [(posting, move)] = self.env.execute_query(
            SQL(
                "SELECT (SELECT MAX(id) FROM mrp_backflush),"
                " (SELECT MAX(id) FROM stock_move)"
            )
        )
        return {"posting_mark": posting or 0, "move_mark": move or 0}

    @api.model
    def _record_place(self, product, location, parts, before, after):
        """Record the count of one component at one location.

        Lots and packages that are applied one by one are one count, as long as nothing
        was consumed in between.
        """
        company = location.company_id or self.env.company
        begun = self._find_begun(product, location, company, parts)
        previous = begun.previous_id or self._get_before(product, location, company)
        moves = self._find_adjustments(product, location, before, after).move_id
        parts = [*(begun.parts or []), *parts]
        vals = {
            **after,
            "date": fields.Datetime.now(),
            "recorded_qty": sum(part["recorded"] for part in parts),
            "counted_qty": sum(part["counted"] for part in parts),
            "parts": parts,
            "move_ids": [Command.set((begun.move_ids | moves).ids)],
            "set_aside": self._get_set_aside(product, location, parts, previous),
        }
        if begun:
            begun.write(vals)
            return begun
        return self.create(
            {
                **vals,
                "product_id": product.id,
                "location_id": location.id,
                "company_id": company.id,
                "previous_id": previous.id,
            }
        )

    @api.model
    def _find_begun(self, product, location, company, parts):
        """The count of which other lots or packages were applied just before."""
        domain = [
            ("product_id", "=", product.id),
            ("location_id", "=", location.id),
            ("company_id", "=", company.id),
        ]
        begun = self.search(domain, limit=1)
        keys = [part["key"] for part in parts]
        if (
            begun.set_aside != "partial"
            or begun.date < fields.Datetime.now() - SESSION
            or any(part["key"] in keys for part in begun.parts)
            or self.env["stock.move"].search_count(
                [
                    ("product_id", "=", product.id),
                    # Odoo takes an id of 0 for none at all.
                    ("backflush_id", ">", begun.posting_mark or -1),
                ],
                limit=1,
            )
        ):
            return self.browse()
        return begun

    @api.model
    def _get_set_aside(self, product, location, parts, previous):
        """Why nothing is concluded from a count, if so."""
        if any(part["outdated"] for part in parts):
            return "outdated"
        keys = [part["key"] for part in parts]
        there = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id", "=", location.id)]
        )
        if any(
            quant._get_backflush_key() not in keys
            and not quant.product_uom_id.is_zero(quant.quantity)
            for quant in there
        ):
            return "partial"
        return False if previous else "first"

    @api.model
    def _find_adjustments(self, product, location, after, until):
        """The lines of inventory adjustments at a place between two marks."""
        return self.env["stock.move.line"].search(
            [
                ("product_id", "=", product.id),
                ("move_id.is_inventory", "=", True),
                ("state", "=", "done"),
                ("move_id", ">", after["move_mark"]),
                ("move_id", "<=", until["move_mark"]),
                *("|", ("location_id", "=", location.id)),
                ("location_dest_id", "=", location.id),
            ]
        )

    # --- Signatures ---

    def _explain(self):
        """Find what these differences come from, as far as they show it by themselves.

        What is counted within hours is looked at together, and each with the count
        before it, which may show only now that it was wrong.
        """
        session = self | self.search(self._get_session_domain())
        looked_at = session.filtered(lambda count: not count.set_aside)
        if looked_at:
            looked_at._set_causes(looked_at._find_recipes({}))

    def _find_recipes(self, known):
        """The recipes of these components, as each company has them.

        :param known: those that were read before, see ``_get_backflush_recipes``
        """
        recipes = []
        for company, group in self.grouped("company_id").items():
            boms = self.env["mrp.bom"].with_company(company)
            recipes += boms._get_backflush_recipes(group.product_id, known)
        return recipes

    def _set_causes(self, recipes):
        """Find what explains these counts, which were made together.

        :param recipes: list of :class:`.Recipe`
        """
        counts = [count._prepare_count() for count in self]
        causes = find_causes(counts, recipes)
        before = self.previous_id.filtered(lambda count: not count.set_aside)
        for count in self | before:
            if count.id in causes and count._is_explained_better_by(causes[count.id]):
                count._set_cause(causes[count.id])

    def _is_explained_better_by(self, cause):
        """Whether a cause says more than the one that was found before."""
        if cause.kind == "miscount":
            # The next count only shows that something was off, not what.
            return self.cause not in SIGNATURES
        # That of a miscount is found from the next count, that of a line from many.
        return cause.kind in SIGNATURES or self.cause not in KEPT

    def _get_session_domain(self):
        """What finds the counts that were made together with these."""
        dates = self.mapped("date")
        return [
            ("company_id", "in", self.company_id.ids),
            ("date", ">=", min(dates) - SESSION),
            ("date", "<=", max(dates) + SESSION),
        ]

    def _get_drift(self):
        """What was used beyond the record since the previous count."""
        return self.difference_qty + self.adjusted_qty

    def _get_sd(self):
        """Standard deviation of the difference where nothing is wrong."""
        company = self.company_id
        return get_sd(
            company.backflush_count_sd,
            company.backflush_process_sd / 100,
            self.expected_qty,
        )

    def _prepare_count(self, before=True):
        """This count as plain values."""
        self.ensure_one()
        previous = self.previous_id
        if not before or previous.set_aside:
            previous = previous.browse()
        return Count(
            key=self.id,
            component=self.product_id.id,
            place=self.location_id.id,
            # What is known to be wrong with its recipes hides nothing else.
            difference=self._get_drift() - self.recipe_qty,
            expected=self.expected_qty,
            sd=self._get_sd(),
            recorded=self.recorded_qty,
            counted=self.counted_qty,
            before=previous._prepare_count(before=False) if previous else None,
        )

    def _set_cause(self, cause):
        kind, explained = cause.kind, cause.explained + self.recipe_qty
        if kind == "noise" and self.recipe_qty:
            # What the recipes explain is found with all counts of the component.
            kind = "unclear"
        elif kind == "noise":
            explained = 0.0
        self.write(
            {
                "cause": kind,
                "explained_qty": explained,
                "figures": self._prepare_figures(cause.figures),
            }
        )

    def _prepare_figures(self, figures):
        """The names and numbers of an explanation, ready for any reader."""
        figures = dict(figures)
        if "bom" in figures:
            bom = self.env["mrp.bom"].browse(figures["bom"])
            figures["product"] = bom.product_id.id or (
                bom.product_tmpl_id.product_variant_id.id
            )
            if "step" in figures:
                figures["operation"] = bom.operation_ids[figures["step"] - 1].id
        return figures
