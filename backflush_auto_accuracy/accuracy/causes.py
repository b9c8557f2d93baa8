"""What one look at the differences of counts tells, in plain Python.

A difference is what was used beyond the record: recorded minus counted. Signatures come
first, the strongest before the others; what is left goes to the estimator.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from math import sqrt

CAUSES = [
    ("line", "Bill of materials"),
    ("loss", "Loss in time"),
    ("unit", "Unit of measure"),
    ("miscount", "Miscount"),
    ("swap", "Mixed up"),
    ("unreported", "Not reported"),
    ("scrap", "Scrap not reported"),
    ("noise", "Within the error of counting"),
    ("unclear", "Unclear"),
]

# Those that a look at the counts shows at once: no matter of the recipe.
SIGNATURES = ("unit", "miscount", "swap", "unreported", "scrap")

# Units that are mistaken for one another: dozens, hundreds, thousands.
FACTORS = (10, 12, 100, 144, 1000)
FACTOR_TOLERANCE = 0.02
# Fewer pieces are a twelfth of something too easily.
FEWEST = 5
# In standard deviations: what is a difference at all, and what is beyond doubt.
CLEAR, SURE = 3.0, 5.0
NOISE = 2.0
# How far a component may lie from the proportion of the others.
FIT = 3.0
# Of so many components one may lie off: of it something else is wrong as well.
MISFITS = 4


@dataclass(frozen=True)
class Count:
    """A count of one component at one place.

    :param key: of the count
    :param component: whatever names the component
    :param place: whatever names the place
    :param difference: what was used beyond the record since the count before
    :param expected: what the postings in between let expect
    :param sd: standard deviation of the difference where nothing is wrong
    :param recorded: on record the moment before
    :param counted: what was there
    :param before: the count before it at that place, where it is known
    """

    key: object
    component: object
    place: object
    difference: float
    expected: float
    sd: float
    recorded: float = 0.0
    counted: float = 0.0
    before: "Count | None" = None

    @property
    def weight(self):
        """The difference in standard deviations."""
        return self.difference / self.sd


@dataclass(frozen=True)
class Recipe:
    """What one unit of a product takes.

    :param key: of the bill of materials
    :param quantities: ``{component: quantity}`` for one unit of the product
    :param steps: ``{component: number of its operation}``, of those that have one
    """

    key: object
    quantities: dict
    steps: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Cause:
    """What a difference comes from.

    :param kind: of ``CAUSES``
    :param explained: the part of the difference that it accounts for
    :param figures: what the explanation names, by kind
    """

    kind: str
    explained: float = 0.0
    figures: dict = field(default_factory=dict)


def get_sd(count_sd, process_sd, expected):
    """Standard deviation of a difference of two counts where nothing is wrong.

    :param count_sd: of one count, in the component's unit
    :param process_sd: of what was used, as a fraction of what was expected
    :param expected: between the counts
    """
    return sqrt(2 * count_sd**2 + (process_sd * expected) ** 2)


def find_causes(counts, recipes):
    """Tell the differences that have a signature.

    :param counts: list of :class:`Count`, made at about the same time
    :param recipes: list of :class:`Recipe`
    :return: ``{key of the count: Cause}``, of each of them
    """
    causes = {}
    for find in (_find_proportions, _find_units, _find_miscounts, _find_swaps):
        left = [count for count in counts if count.key not in causes]
        causes |= find(left, recipes)
    for count in counts:
        if count.key not in causes:
            is_noise = abs(count.weight) <= NOISE
            causes[count.key] = Cause("noise" if is_noise else "unclear")
    return causes


# --- All components of a recipe, in proportion ---


def _find_proportions(counts, recipes):
    by_component = {}
    for count in counts:
        # What lies in several places has no difference of its own in each.
        if count.component in by_component:
            by_component[count.component] = None
        else:
            by_component[count.component] = count
    found = []
    for recipe in recipes:
        group = [by_component.get(component) for component in recipe.quantities]
        if len(group) > 1 and all(group):
            found += _fit_recipe(recipe, group)
    causes = {}
    # The one that says most of the differences wins.
    for _gain, group, cause in sorted(found, key=lambda it: -it[0]):
        if not any(count.key in causes for count, _explained in group):
            causes |= {
                count.key: Cause(cause.kind, explained, cause.figures)
                for count, explained in group
            }
    return causes


def _fit_recipe(recipe, group):
    """Fit all components, and those up to each operation, to one quantity.

    :return: list of ``(gain, [(count, explained)], Cause)``
    """
    fits = []
    steps = sorted(set(recipe.steps.values()))
    # What has no operation is needed at the first of them.
    for last in [None, *steps[:-1]]:
        involved = [
            count
            for count in group
            if last is None or recipe.steps.get(count.component, 0) <= last
        ]
        rest = [count for count in group if count not in involved]
        off = sum(abs(count.weight) > FIT for count in rest)
        found = _fit_most(recipe, involved, len(involved) // MISFITS)
        if not found or off > len(rest) // MISFITS:
            continue
        quantity, gain, fitting = found
        is_clear = sum(abs(count.weight) > CLEAR for count in fitting) > 1
        if not (is_clear and gain >= SURE**2):
            continue
        if last is not None and quantity < 0:
            continue
        figures = {"bom": recipe.key, "quantity": abs(quantity)}
        figures |= {"twice": quantity < 0} if last is None else {"step": last}
        kind = "unreported" if last is None else "scrap"
        explained = [
            (count, quantity * recipe.quantities[count.component]) for count in involved
        ]
        fits.append((gain, explained, Cause(kind, figures=figures)))
    return fits


def _fit_most(recipe, involved, spare):
    """Fit all components but a few, of which something else is wrong as well.

    :param spare: how many may lie off; what is explained brings them nearer, at least
    :return: ``(quantity, sum of squares explained, counts that fit)``, or None
    """
    if sum(abs(count.weight) > CLEAR for count in involved) < 2:
        return None
    fitting = list(involved)
    quantity, gain, off = _fit_all(recipe, fitting)
    while off > FIT and spare and len(fitting) > 2:
        # The one that fits best without it, which need not be the one that is off most.
        fits = [
            (_fit_all(recipe, [it for it in fitting if it is not count]), count)
            for count in fitting
        ]
        (quantity, gain, off), left_out = min(fits, key=lambda fit: fit[0][-1])
        fitting.remove(left_out)
        spare -= 1
    if off > FIT:
        return None
    is_nearer = all(
        abs(count.difference - quantity * recipe.quantities[count.component])
        <= max(FIT * count.sd, abs(count.difference))
        for count in involved
    )
    return (quantity, gain, fitting) if is_nearer else None


def _fit_all(recipe, counts):
    """As :func:`_fit`, and how far the worst lies off, in standard deviations."""
    quantity, gain = _fit(recipe, counts)
    off = max(
        abs(count.difference - quantity * recipe.quantities[count.component]) / count.sd
        for count in counts
    )
    return quantity, gain, off


def _fit(recipe, counts):
    """The quantity of the product that explains differences best, and how well.

    :return: ``(quantity, sum of squares explained)``; whole where a whole one does
    """
    weights = above = 0.0
    for count in counts:
        per_unit = recipe.quantities[count.component]
        weights += (per_unit / count.sd) ** 2
        above += per_unit * count.difference / count.sd**2
    if not weights:
        return 0.0, 0.0
    quantity = above / weights
    if abs(quantity - round(quantity)) <= FIT / sqrt(weights):
        quantity = round(quantity)
    return quantity, 2 * quantity * above - quantity**2 * weights


# --- Two components, or two counts, off by as much the other way ---


def _find_swaps(counts, _recipes):
    causes = {}
    by_place = defaultdict(list)
    for count in counts:
        if abs(count.weight) > CLEAR:
            by_place[count.place].append(count)
    for group in by_place.values():
        for one in group:
            others = [
                other
                for other in group
                if other.component != one.component and _is_opposite(one, other)
            ]
            # With two candidates nobody can tell.
            if len(others) == 1:
                [other] = others
                causes[one.key] = Cause(
                    "swap", one.difference, {"other": other.component}
                )
    return {
        key: cause
        for key, cause in causes.items()
        if any(count.component == cause.figures["other"] for count in counts)
        and sum(it.figures["other"] == cause.figures["other"] for it in causes.values())
        == 1
    }


def _is_opposite(one, other):
    off = abs(one.difference + other.difference)
    return off <= NOISE * sqrt(one.sd**2 + other.sd**2) and off <= 0.1 * abs(
        one.difference
    )


def _find_miscounts(counts, _recipes):
    causes = {}
    for count in counts:
        before = count.before
        if before and abs(before.weight) > CLEAR and _is_opposite(before, count):
            causes[count.key] = Cause("miscount", count.difference)
            causes[before.key] = Cause("miscount", before.difference)
    return causes


def _find_units(counts, _recipes):
    causes = {}
    for count in counts:
        if abs(count.weight) <= SURE:
            continue
        used = count.expected + count.difference
        factor = _find_factor(used, count.expected)
        figures = {"factor": factor, "counted": False}
        if not factor and count.counted >= FEWEST:
            factor = _find_factor(count.counted, count.recorded)
            figures = {"factor": factor, "counted": True}
        if factor:
            causes[count.key] = Cause("unit", count.difference, figures)
    return causes


def _find_factor(used, expected):
    """By which unit factor a quantity differs from what it should be, if by one."""
    if used <= 0 or expected <= 0:
        return 0
    for factor in FACTORS:
        for candidate in (factor, 1 / factor):
            if abs(used / expected / candidate - 1) <= FACTOR_TOLERANCE:
                return candidate
    return 0
