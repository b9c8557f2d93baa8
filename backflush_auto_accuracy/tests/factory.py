"""The simulated factory as it works in Odoo: reports, postings and counts."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields

from ..accuracy.factory import COMPONENTS, PRODUCTS, Factory


class FactoryAtWork:
    """Play what happens in a factory, week by week, through reports and counts.

    :param env: of a manager of manufacturing and stock
    :param start: when the first week begins
    :param plan: :class:`.Factory`
    """

    def __init__(self, env, start, plan=None):
        self.env = env
        self.plan = plan or Factory()
        self.start = start
        self.week = 0
        warehouse = env["stock.warehouse"].search(
            [("company_id", "=", env.company.id)], limit=1
        )
        self.location = warehouse.lot_stock_id
        self.is_new = not self._find()
        if self.is_new:
            self._create_products()
            self._create_boms()
            self._count()

    def _find(self):
        """Find a factory that has worked before; whether there is one."""
        names = {_get_code(name): name for name in (*COMPONENTS, *PRODUCTS)}
        found = self.env["product.product"].search([("default_code", "in", [*names])])
        self.products = {names[it.default_code]: it for it in found}
        self.boms = {
            name: self.products[name].bom_ids for name in PRODUCTS if self.products
        }
        return bool(self.products)

    def _create_products(self):
        swapped = [
            name for it in self.plan.mistakes if it.kind == "swap" for name in it.names
        ]
        products = self.env["product.product"].create(
            [
                {
                    "name": name,
                    "is_storable": True,
                    "standard_price": self.plan.costs.get(name, 0.0),
                    "tracking": "lot" if name in swapped else "none",
                    "default_code": _get_code(name),
                }
                for name in (*COMPONENTS, *PRODUCTS)
            ]
        )
        self.products = dict(zip((*COMPONENTS, *PRODUCTS), products, strict=True))
        self.lots = {
            name: self.env["stock.lot"].create(
                {"name": f"{name}-1", "product_id": self.products[name].id}
            )
            for name in swapped
        }

    def _create_boms(self):
        center = self.env["mrp.workcenter"].create({"name": "Garden Workshop"})
        self.boms = {}
        for product, recipe in self.plan.recipes.items():
            bom = self.env["mrp.bom"].create(
                {
                    "product_tmpl_id": self.products[product].product_tmpl_id.id,
                    "backflush": True,
                    "backflush_shortage": "negative",
                    "consumption": "flexible",
                    "operation_ids": [
                        Command.create({"name": name, "workcenter_id": center.id})
                        for name in ("Cut", "Assemble")
                    ],
                    "bom_line_ids": [
                        Command.create(
                            {
                                "product_id": self.products[name].id,
                                "product_qty": quantity,
                            }
                        )
                        for name, quantity in recipe.items()
                    ],
                }
            )
            steps = self.plan.steps[product]
            for line, name in zip(bom.bom_line_ids, recipe, strict=True):
                line.operation_id = bom.operation_ids[steps[name] - 1]
            self.boms[product] = bom

    def get_line(self, product, component):
        """The line of a bill of materials, by the names of the two."""
        lines = self.boms[product].bom_line_ids
        return lines.filtered(lambda it: it.product_id == self.products[component])

    def get_counts(self, component, week=None):
        """The counts of a component, or that of one week."""
        counts = self.env["mrp.backflush.count"].search(
            [("product_id", "=", self.products[component].id)], order="date, id"
        )
        return counts if week is None else counts[week]

    def work(self, weeks):
        """Let some weeks of production and counting go by."""
        for _number in range(weeks):
            self.week += 1
            with freeze_time(self.start + timedelta(weeks=self.week, days=-2)):
                self._report(self.plan.produce(self.week))
            self._count()

    def _report(self, made):
        results = self.env["mrp.production"].backflush_post_batch(
            [
                {"product_id": self.products[name].id, "quantity": quantity}
                for name, quantity in made.items()
            ]
        )
        if refused := [it for it in results if not it["ok"]]:
            raise ValueError(refused)

    def _count(self):
        counted = self.plan.count(self.week)
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        with freeze_time(self.start + timedelta(weeks=self.week)):
            made = quants.create(
                [
                    {
                        "product_id": self.products[name].id,
                        "location_id": self.location.id,
                        "lot_id": self.lots[name].id if name in self.lots else False,
                        "inventory_quantity": quantity,
                    }
                    for name, quantity in counted.items()
                ]
            )
            made.action_apply_inventory()

    def propose(self, nights=2):
        """Let the scheduled action weigh the counts, some nights long."""
        now = self.start + timedelta(weeks=self.week)
        for night in range(nights):
            with freeze_time(now + timedelta(hours=16 + 24 * night)):
                self.env["mrp.backflush.proposal"].sudo()._cron_propose()

    def find_proposals(self, state="open"):
        """The proposals for this factory."""
        lines = self.env["mrp.bom.line"].union(
            *(b.bom_line_ids for b in self.boms.values())
        )
        return self.env["mrp.backflush.proposal"].search(
            [("bom_line_id", "in", lines.ids), ("state", "=", state)]
        )

    def compare(self):
        """What was planted, and what was found of it.

        :return: list of tuples: kind, where, what was planted, what was found, whether
            it is the same
        """
        return [self._compare(mistake) for mistake in self.plan.mistakes]

    def _compare(self, mistake):
        if mistake.kind == "line":
            return self._compare_line(mistake)
        if mistake.kind == "loss":
            return self._compare_loss(mistake)
        return self._compare_event(mistake)

    def _compare_line(self, mistake):
        product, component = mistake.names
        line = self.get_line(product, component)
        proposal = self.env["mrp.backflush.proposal"].search(
            [("bom_line_id", "=", line.id)], limit=1
        )
        really = self.plan.really[product][component]
        found = "nothing"
        if proposal:
            found = (
                f"{proposal.proposed_value:.2f}"
                f" ({proposal.low:.2f} to {proposal.high:.2f})"
            )
        is_right = bool(proposal) and abs(proposal.beta - mistake.size) < 0.02
        old = self.plan.recipes[product][component]
        planted = f"{old:.2f}, really {really:.2f}"
        return "wrong line", f"{component} for {product}", planted, found, is_right

    def _compare_loss(self, mistake):
        [component] = mistake.names
        causes = self.get_counts(component).mapped("cause")
        lost = causes.count("loss")
        planted = f"{mistake.size:.1f} a day"
        found = f"lost in time, {lost} of {len(causes) - 1} counts"
        return "steady loss", component, planted, found, lost > len(causes) / 2

    def _compare_event(self, mistake):
        titles = {
            "unreported": ("not reported", f"{mistake.size:g}"),
            "scrap": ("scrap not reported", f"{mistake.size:g} after Cut"),
            "unit": ("unit slip", f"counted in {mistake.size}s"),
            "swap": ("lots mixed up", f"{mistake.size:g} pieces"),
            "miscount": ("miscount", f"{mistake.size:+g} pieces"),
        }
        title, planted = titles[mistake.kind]
        names = mistake.names
        if mistake.kind in ("unreported", "scrap"):
            [product] = names
            steps = self.plan.steps[product]
            names = [
                name
                for name in self.plan.recipes[product]
                if mistake.kind == "unreported" or steps[name] == 1
            ]
        counts = [self.get_counts(name, mistake.week) for name in names]
        found = {count.explanation for count in counts if count.cause == mistake.kind}
        figure = self._get_figure(counts[0])
        is_right = all(count.cause == mistake.kind for count in counts)
        if mistake.kind in ("unreported", "scrap"):
            is_right = is_right and figure == mistake.size
            planted = f"{planted}, week {mistake.week}"
            found = {f"{figure:g}, by {len(counts)} components"} if is_right else found
        else:
            planted = f"{planted}, week {mistake.week}"
            kinds = dict(counts[0]._fields["cause"].selection)
            found = {kinds[counts[0].cause]}
        where = " and ".join(mistake.names)
        return title, where, planted, "; ".join(found) or "nothing", is_right

    def _get_figure(self, count):
        return (count.figures or {}).get("quantity", 0.0)

    def find_false(self):
        """Lines that are right, and for which there is a proposal."""
        wrong = self.env["mrp.bom.line"].union(
            *(
                self.get_line(*it.names)
                for it in self.plan.mistakes
                if it.kind == "line"
            )
        )
        lines = self.env["mrp.bom.line"].union(
            *(b.bom_line_ids for b in self.boms.values())
        )
        made = self.env["mrp.backflush.proposal"].search(
            [("bom_line_id", "in", lines.ids)]
        )
        return made.bom_line_id - wrong

    def get_weekly_drift(self, components, first, last):
        """What counts found missing, or too much: a week, at cost.

        :param components: names
        :param first, last: weeks
        """
        total = 0.0
        for name in components:
            for count in self.get_counts(name)[first : last + 1]:
                total += abs(count._get_drift()) * count.product_id.standard_price
        return total / (last + 1 - first)


def _get_code(name):
    return f"GF-{name.replace(' ', '-').upper()}"


def get_start(weeks):
    """When a story of some weeks has to begin, to end now."""
    now = fields.Datetime.now().replace(hour=6, minute=0, second=0)
    return now - timedelta(weeks=weeks, days=2)
