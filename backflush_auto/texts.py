"""How numbers stand in texts for people."""

from odoo.tools.misc import formatLang


def format_quantity(env, quantity):
    """A quantity in the digits of units, as the reader's language writes it.

    :param env: for the language
    :param quantity: in any unit
    :return: text
    """
    return formatLang(env, quantity, dp="Product Unit")


def format_whole(env, quantity):
    """A quantity as a sentence has it: whole ones without decimals.

    :param env: for the language
    :param quantity: in any unit
    :return: text
    """
    if float(quantity).is_integer():
        return formatLang(env, quantity, digits=0)
    return format_quantity(env, quantity)
