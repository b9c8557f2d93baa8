"""A factory whose recipes, losses and mistakes are known, week by week.

It knows what is really used and really there; what is reported and counted is all that
anybody else gets to see of it.
"""

from dataclasses import dataclass, field

import numpy as np

DAYS = 7.0
DOZEN = 12
# Of a careful count, in pieces, and of what is used, as a part of it.
COUNT_SD, PROCESS_SD = 1.5, 0.006
PRODUCTS = ("Table", "Bench", "Chair", "Deck Chair", "Planter", "Trellis")
COMPONENTS = (
    *("Top", "Leg", "Frame", "Bolt", "Nut", "Washer", "Screw", "Dowel", "Bracket"),
    *("Rail", "Slat", "Seat", "Back", "Pad", "Cap", "Foot", "Hinge", "Plate", "Peg"),
    *("Panel", "Strip", "Plug", "Clip", "Board"),
)
LINES = 8
LOT = 120
FULL = 50_000


@dataclass(frozen=True)
class Mistake:
    """Something that is wrong in the factory.

    :param kind: of ``CAUSES``
    :param names: the components, or the product, that it is about
    :param size: by what part a line is wrong, what is lost a day, how many pieces
    :param week: in which week it happens; 0 for what is always so
    """

    kind: str
    names: tuple
    size: float
    week: int = 0


@dataclass
class Factory:
    """Twenty-four components, of which six products share most.

    :param seed: of the random numbers
    :param weeks: how often is counted, but for the first time
    """

    seed: int = 1
    weeks: int = 10
    recipes: dict = field(default_factory=dict)
    steps: dict = field(default_factory=dict)
    mistakes: list = field(default_factory=list)

    def __post_init__(self):
        self.rng = np.random.default_rng(self.seed)
        self.costs = {
            name: round(float(self.rng.uniform(0.5, 12)), 2) for name in COMPONENTS
        }
        self.stock = dict.fromkeys(COMPONENTS, float(FULL))
        self._write_recipes()
        self._plant()
        self.really = {
            product: dict(recipe) for product, recipe in self.recipes.items()
        }
        for mistake in self._find("line"):
            product, component = mistake.names
            self.really[product][component] *= 1 + mistake.size

    def _write_recipes(self):
        """Eight components for each product, each component for at least one."""
        for number, product in enumerate(PRODUCTS):
            own = COMPONENTS[number * 4 : number * 4 + 4]
            others = [name for name in COMPONENTS if name not in own]
            shared = self.rng.choice(others, LINES - len(own), replace=False)
            quantities = self.rng.integers(2, 13, LINES)
            names = [*own, *map(str, shared)]
            self.recipes[product] = dict(
                zip(names, map(float, quantities), strict=True)
            )
            # The first half is needed to cut, the others to assemble.
            self.steps[product] = {
                name: 1 + (at >= LINES // 2) for at, name in enumerate(names)
            }

    def _plant(self):
        """Decide at random what is wrong, each component in one way at most."""
        rng, free = self.rng, list(COMPONENTS)

        def pick():
            return free.pop(rng.integers(len(free)))

        for _number in range(4):
            component = pick()
            product = str(
                rng.choice([p for p in PRODUCTS if component in self.recipes[p]])
            )
            size = rng.choice([-1, 1]) * rng.uniform(0.04, 0.1)
            self._add("line", (product, component), float(size))
        for _number in range(2):
            self._add("loss", (pick(),), float(rng.uniform(4, 10)))
        weeks = list(rng.permutation(np.arange(2, self.weeks)))
        self._add("unreported", ("Table",), 20, int(weeks.pop()))
        self._add("scrap", ("Planter",), 15, int(weeks.pop()))
        self._add("unit", (pick(),), DOZEN, int(weeks.pop()))
        self._add("swap", (pick(), pick()), LOT, int(weeks.pop()))
        for _number in range(2):
            size = rng.choice([-1, 1]) * rng.integers(40, 100)
            self._add("miscount", (pick(),), int(size), int(weeks.pop()))

    def _add(self, *values):
        self.mistakes.append(Mistake(*values))

    def _find(self, kind, week=None):
        return [
            it
            for it in self.mistakes
            if it.kind == kind and (week is None or it.week == week)
        ]

    # --- What happens ---

    def produce(self, week):
        """Let a week of production happen.

        :param week: from 1
        :return: ``{product: quantity}``, as it is reported
        """
        made = {}
        for product in PRODUCTS:
            quantity = int(45 * self.rng.lognormal(0, 0.5))
            if self.rng.random() > 0.2:
                made[product] = quantity
        for product, quantity in made.items():
            self._use(self.really[product], quantity)
        for mistake in self._find("unreported", week):
            self._use(self.really[mistake.names[0]], mistake.size)
        for mistake in self._find("scrap", week):
            [product] = mistake.names
            steps = self.steps[product]
            cut = {
                name: quantity
                for name, quantity in self.really[product].items()
                if steps[name] == 1
            }
            self._use(cut, mistake.size)
        for mistake in self._find("swap", week):
            taken, kept = mistake.names
            self.stock[taken] -= mistake.size
            self.stock[kept] += mistake.size
        for mistake in self._find("loss"):
            self.stock[mistake.names[0]] -= mistake.size * DAYS
        return made

    def _use(self, recipe, quantity):
        for name, per_unit in recipe.items():
            used = per_unit * quantity
            self.stock[name] -= used * (1 + PROCESS_SD * self.rng.normal())

    def count(self, week):
        """Count all components.

        :return: ``{component: pieces}``, as it is written down
        """
        counted = {
            name: round(there + COUNT_SD * self.rng.normal())
            for name, there in self.stock.items()
        }
        for mistake in self._find("miscount", week):
            counted[mistake.names[0]] += mistake.size
        for mistake in self._find("unit", week):
            counted[mistake.names[0]] = round(counted[mistake.names[0]] / DOZEN)
        return counted
