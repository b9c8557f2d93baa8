"""What a step tells the rules of what it did."""

from collections.abc import Callable
from dataclasses import dataclass, field


class Skip(Exception):
    """The step means nothing here: nothing to do it on."""


@dataclass
class Event:
    """A step as it went.

    :param kind: the name of the step
    :param orders: ids of the orders that it was done on
    :param reported: ``{order id: quantity}`` of what was reported, in the order's unit
    :param shown: what was said of the report before, by source: ``{source: {move id:
        expected}}``
    :param results: what a program was answered
    :param preview: ``{order id: the preview of what is reported}``
    :param entered: ids of the BoM lines whose consumption a person entered
    :param released: ids of the products whose reservation a person took back with an
        entry
    :param unruly: ids of the BoM lines that a person changed on the order
    :param edited: ``{id of a BoM line: as it is now}``, on the orders of the step
    :param revised: ``{id of a BoM line: as it is now}``, on the bill of materials
    :param updated: the orders follow the bill of materials
    :param named: ``{order id: {id of a BoM line: {lot name: quantity}}}``, the lots
        that a report named
    :param byproducts: ids of the orders whose by-products a person entered
    :param merged: ids of the orders that were merged
    :param remainder: what becomes of what is not reported
    :param repeat: sends the report again
    :param idle: the step has to change nothing
    :param refused: the error, where the step was refused
    """

    kind: str
    orders: list = field(default_factory=list)
    reported: dict = field(default_factory=dict)
    shown: dict = field(default_factory=dict)
    preview: dict = field(default_factory=dict)
    results: list = field(default_factory=list)
    entered: set = field(default_factory=set)
    released: set = field(default_factory=set)
    unruly: set = field(default_factory=set)
    edited: dict = field(default_factory=dict)
    revised: dict = field(default_factory=dict)
    updated: bool = False
    named: dict = field(default_factory=dict)
    byproducts: set = field(default_factory=set)
    corrected: int = 0
    merged: list = field(default_factory=list)
    remainder: str = "keep"
    repeat: Callable | None = None
    idle: bool = False
    refused: Exception | None = None
