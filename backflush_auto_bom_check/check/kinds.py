"""The kinds of findings: severity, message and advice.

The placeholders of a text are the figures that ``bom_check.py`` gives with a finding.
"""

from dataclasses import dataclass

from odoo.tools.translate import LazyGettext, LazyTranslate

_lt = LazyTranslate(__name__)

SEVERITIES = [("error", "Error"), ("warning", "Warning"), ("info", "Information")]
# Those that need somebody's attention.
URGENT = ("error", "warning")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding.

    :param label: its name
    :param severity: one of ``SEVERITIES``, unless the check says otherwise
    :param message: what is wrong, with the figures of the finding
    :param advice: what to do about it
    """

    label: str
    severity: str
    message: LazyGettext
    advice: LazyGettext


IN_KIT = _lt("In the kit %(kit)s: ")
OTHER_ORDERS = _lt(
    "The bill of materials was changed, but open orders deduct as it was before."
)
OTHER_DEBTS = _lt(
    "Orders of this bill of materials have consumed components that stock has not had "
    "for more than a week."
)

KINDS = {
    "no_component": Kind(
        "No Component Deducted",
        "warning",
        _lt("Production of %(finished)s deducts no component by itself."),
        _lt(
            "Add the components, give at least one an automatic method, or switch "
            "Backflush off."
        ),
    ),
    "zero": Kind(
        "Quantity Zero",
        "error",
        _lt("%(product)s has the quantity 0: nothing of it is ever deducted."),
        _lt(
            "Enter the quantity. If it is an optional component, give its line the "
            "method Manual."
        ),
    ),
    "rounds_to_zero": Kind(
        "Rounds to Zero",
        "warning",
        _lt(
            "An order for %(quantity)s %(unit)s deducts nothing of %(product)s: "
            "%(needed)s %(component_unit)s, rounded to a multiple of %(step)s, is 0."
        ),
        _lt(
            "Round up, take a smaller rounding, or enter the quantity for a larger "
            "quantity of the bill of materials. Ignore it if orders are always large "
            "enough."
        ),
    ),
    "exact": Kind(
        "Strict Without Tolerance",
        "info",
        _lt(
            "The bill of materials is strict, and these components have no tolerance: "
            "%(products)s. A report that differs from them by a rounding step is "
            "refused."
        ),
        _lt("Nothing, if that is meant. Otherwise give the lines a tolerance."),
    ),
    "fine_tolerance": Kind(
        "Tolerance Below Rounding",
        "warning",
        _lt(
            "%(product)s may differ by %(allowed)s %(unit)s (%(percent)s %%) where "
            "%(quantity)s %(unit)s are needed, but is rounded to multiples of "
            "%(step)s: no difference is small enough."
        ),
        _lt("Enter a wider tolerance, or a smaller rounding."),
    ),
    "archived": Kind(
        "Archived Component",
        "error",
        _lt("%(product)s is archived: it is neither bought nor counted any more."),
        _lt("Put its successor on the line, or unarchive the product."),
    ),
    "unit": Kind(
        "Unit Does Not Convert",
        "error",
        _lt(
            "The unit %(unit)s does not convert to %(product_unit)s of %(product)s: "
            "the deducted quantity means something else."
        ),
        _lt(
            "Choose a unit that converts to %(product_unit)s and enter the quantity in "
            "it."
        ),
    ),
    "operations": Kind(
        "Several Operations",
        "warning",
        _lt(
            "%(product)s is deducted at several operations, in total on all of them: "
            "%(parts)s."
        ),
        _lt(
            "Remove a line that was entered twice. Ignore it if each operation takes "
            "its own part."
        ),
    ),
    "twice": Kind(
        "Component Twice",
        "warning",
        _lt("%(product)s is on several lines and is deducted for each: %(parts)s."),
        _lt(
            "Make one line of them, with the total quantity. Ignore it if the lines "
            "are meant to add up."
        ),
    ),
    "no_operation": Kind(
        "No Operation",
        "warning",
        _lt(
            "%(product)s is to be deducted at its operation, but its line has none: it "
            "is deducted at completion."
        ),
        _lt("Choose the operation on the line, or the method At completion."),
    ),
    "no_work_order": Kind(
        "Operation Without Work Order",
        "warning",
        _lt(
            "%(product)s is to be deducted at the operation %(operation)s, which makes "
            "no work order in orders of this bill of materials: it is deducted at "
            "completion."
        ),
        _lt(
            "Choose an operation of this bill of materials that is not archived and "
            "holds for the same variants, or the method At completion."
        ),
    ),
    "no_lot": Kind(
        "No Lot in Stock",
        "warning",
        _lt(
            "%(product)s is tracked, but none of its lots or serial numbers is in "
            "stock at %(location)s (without one: %(quantity)s %(unit)s). Production "
            "is refused."
        ),
        _lt(
            "Receive the component with a lot, or give a lot to what is there with an "
            "inventory adjustment."
        ),
    ),
    "serial": Kind(
        "Serial Numbers to Be Named",
        "info",
        _lt(
            "%(product)s is tracked by serial number: production is refused until the "
            "numbers are reserved or entered on the order."
        ),
        _lt(
            "Nothing, if people name the numbers. Otherwise switch Choose Serial "
            "Numbers on in the settings of Manufacturing."
        ),
    ),
    "serial_shortage": Kind(
        "Shortage of Serial Numbers",
        "warning",
        _lt(
            "Components that are short are to go into negative stock, but %(product)s "
            "is tracked by serial number: production is refused all the same."
        ),
        _lt("Refuse the production of this bill of materials, or defer what is short."),
    ),
    "serial_debt": Kind(
        "Serial Numbers Deferred",
        "warning",
        _lt(
            "What is short is to be taken when it comes, but %(product)s is tracked by "
            "serial number: each of them waits until a person names it."
        ),
        _lt(
            "Nothing, if people look after Manufacturing ‣ Operations ‣ Deferred "
            "Consumption. Otherwise refuse the production."
        ),
    ),
    "short_leash": Kind(
        "Negative Stock Limited Too Closely",
        "warning",
        _lt(
            "%(product)s may be negative up to %(limit)s %(unit)s, but a receipt "
            "usually brings %(usual)s %(unit)s: one that is booked late goes beyond it."
        ),
        _lt(
            "Raise the limit on the product or its category, or book receipts earlier."
        ),
    ),
    "short_hours": Kind(
        "Negative Stock Limited Too Briefly",
        "warning",
        _lt(
            "%(product)s may be negative for %(hours)s hours, but usually is for "
            "%(usual)s hours until a receipt is booked."
        ),
        _lt(
            "Raise the limit on the product or its category, or book receipts earlier."
        ),
    ),
    "old_debts": Kind(
        "Deferred for Long",
        "warning",
        _lt(
            "Orders of this bill of materials have consumed components that stock has "
            "not had for more than a week (%(count)s, since %(date)s): %(products)s."
        ),
        _lt(
            "See Manufacturing ‣ Operations ‣ Deferred Consumption: what was never "
            "used, or is taken from another place than the bill of materials says, "
            "does not pay itself."
        ),
    ),
    "orders": Kind(
        "Changed After Confirmation",
        "warning",
        _lt(
            "The bill of materials was changed, but open orders (%(count)s) deduct as "
            "it was before: %(orders)s. They differ in %(products)s."
        ),
        _lt(
            "Click Update BoM on each order that shall follow the change. Ignore it if "
            "the orders are to stay as they are."
        ),
    ),
    "cycle": Kind(
        "Cycle",
        "error",
        _lt("The product is a component of itself: %(path)s."),
        _lt(
            "Take the product out of one of these bills of materials. Kits that "
            "contain each other keep an order from ever being confirmed."
        ),
    ),
    "not_storable": Kind(
        "Not Tracked in Stock",
        "info",
        _lt("%(product)s is not tracked in stock: production changes no stock of it."),
        _lt(
            "Nothing, if that is meant. Otherwise tick Track Inventory on the "
            "product, or give it a bill of materials of the type Kit."
        ),
    ),
}
