"""What is played by stock Odoo and by the addon: a function for each scenario.

Each builds what it is about, says which orders are made and what happens to them, and
what has to be seen in the end so that it was really played.
"""

from . import around, people, recipes, reserved, stock
from .table import ALL

__all__ = ["ALL", "around", "people", "recipes", "reserved", "stock"]
