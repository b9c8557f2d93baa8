"""The scenarios by their names, and what several of them do."""

# Stock Odoo fills the components when a quantity is entered or a work order finished,
# ours when the production is posted.
NOT_FILLED = "mail_tracking_value.new_value_char: 'Ready' against 'Waiting' (1 row)"
ALL = {}


def scenario(function):
    """Have a function played by the table test, under its name."""
    ALL[function.__name__] = function
    return function


def report(orders, quantity):
    """Enter a produced quantity, as the form of an order does."""
    orders.qty_producing = quantity
    orders.set_qty_producing()
