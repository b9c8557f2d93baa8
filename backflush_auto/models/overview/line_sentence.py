"""What a line of a bill of materials means for an order, in whole sentences."""

from odoo.tools.misc import formatLang

# The number of batches in the example.
EXAMPLE_BATCHES = 100
EXAMPLE_LARGE_BATCHES = 10
# From this quantity on, a bill of materials is for a large batch.
LARGE_BATCH = 10


class LineSentence:
    """The sentences of one line.

    :param line: ``mrp.bom.line`` with a product, saved or not
    """

    def __init__(self, line):
        self.env = line.env
        self.line = line
        self.is_kit = line.child_bom_id.type == "phantom"
        self.method = line._get_backflush_effective_method()
        self.location = self._get_location()
        self.batches = self._get_batches()

    def _get_location(self):
        if self.line.bom_id.type == "subcontract":
            return self.env["stock.location"]
        return self.line._get_backflush_location(self.line.browse())

    def get_text(self):
        """The whole text: how much, when and from where."""
        sentences = [
            self._describe_amount(),
            self._describe_rounding(),
            *self._describe_taking(),
        ]
        return " ".join(filter(None, sentences))

    # --- How much ---

    def _get_batches(self):
        is_large = self.line.bom_id.product_qty >= LARGE_BATCH
        return EXAMPLE_LARGE_BATCHES if is_large else EXAMPLE_BATCHES

    def _get_amount_values(self):
        line = self.line
        bom = line.bom_id
        product = bom.product_id or bom.product_tmpl_id
        total = line._get_backflush_target(line.product_qty * self.batches)
        return {
            "quantity": self._format(bom.product_qty * self.batches),
            "unit": bom.product_uom_id.name,
            "product": product.display_name or self.env._("the product"),
            "each": self._format(line.product_qty),
            "batches": self._format(self.batches),
            "scrap": self._format(line.backflush_scrap),
            "total": self._format(total),
            "component_unit": line.product_uom_id.name,
            "component": line.product_id.display_name,
        }

    def _describe_amount(self):
        values = self._get_amount_values()
        if self.line.backflush_basis == "order":
            return self._describe_order_amount(values)
        if self.line.backflush_scrap:
            return self.env._(
                "For %(quantity)s %(unit)s of %(product)s: %(each)s × %(batches)s + "
                "%(scrap)s %% = %(total)s %(component_unit)s of %(component)s.",
                **values,
            )
        return self.env._(
            "For %(quantity)s %(unit)s of %(product)s: %(each)s × %(batches)s = "
            "%(total)s %(component_unit)s of %(component)s.",
            **values,
        )

    def _describe_order_amount(self, values):
        if self.line.backflush_scrap:
            return self.env._(
                "Once per order: %(each)s + %(scrap)s %% = %(total)s "
                "%(component_unit)s of %(component)s, whatever the quantity.",
                **values,
            )
        return self.env._(
            "Once per order: %(total)s %(component_unit)s of %(component)s, whatever "
            "the quantity.",
            **values,
        )

    def _describe_rounding(self):
        step = self.line.backflush_rounding
        if not step or self.is_kit:
            return ""
        direction = self.line.backflush_rounding_method or "half-up"
        unit = self.line.product_uom_id.name
        if step == 1:
            return self._describe_whole_units(direction, unit)
        return self._describe_multiples(direction, unit, self._format(step))

    def _describe_whole_units(self, direction, unit):
        return {
            "up": self.env._("The total is rounded up to whole %(unit)s.", unit=unit),
            "down": self.env._(
                "The total is rounded down to whole %(unit)s.", unit=unit
            ),
            "half-up": self.env._(
                "The total is rounded to the nearest whole %(unit)s.", unit=unit
            ),
        }[direction]

    def _describe_multiples(self, direction, unit, step):
        values = {"unit": unit, "step": step}
        return {
            "up": self.env._(
                "The total is rounded up to a multiple of %(step)s %(unit)s.", **values
            ),
            "down": self.env._(
                "The total is rounded down to a multiple of %(step)s %(unit)s.",
                **values,
            ),
            "half-up": self.env._(
                "The total is rounded to the nearest multiple of %(step)s %(unit)s.",
                **values,
            ),
        }[direction]

    # --- When and from where ---

    def _describe_taking(self):
        if self.is_kit:
            return [self._describe_kit()]
        if self.method == "bulk":
            return [self.env._("For information: nothing is deducted.")]
        describe = (
            self._describe_from_location if self.location else self._describe_from_order
        )
        return [
            describe(),
            self._describe_missing_operation(),
            self._describe_inside_kit(),
        ]

    def _describe_kit(self):
        return self.env._(
            "%(component)s is a kit: its components follow their own rules, and this "
            "line's rules where theirs are empty.",
            component=self.line.product_id.display_name,
        )

    def _describe_from_location(self):
        values = {
            "location": self.location.display_name,
            "operation": self.line.operation_id.name,
        }
        return {
            "completion": self.env._(
                "It is taken from %(location)s when production is reported.", **values
            ),
            "operation": self.env._(
                "It is taken from %(location)s when operation %(operation)s is "
                "finished.",
                **values,
            ),
            "start": self.env._(
                "It is taken from %(location)s when the order starts, the whole "
                "planned quantity at once.",
                **values,
            ),
            "manual": self.env._(
                "Only what a person records is taken, from %(location)s.", **values
            ),
        }[self.method]

    def _describe_from_order(self):
        operation = self.line.operation_id.name
        return {
            "completion": self.env._(
                "It is taken from the components location of the order when production "
                "is reported."
            ),
            "operation": self.env._(
                "It is taken from the components location of the order when operation "
                "%(operation)s is finished.",
                operation=operation,
            ),
            "start": self.env._(
                "It is taken from the components location of the order when the order "
                "starts, the whole planned quantity at once."
            ),
            "manual": self.env._(
                "Only what a person records is taken, from the components location of "
                "the order."
            ),
        }[self.method]

    def _describe_missing_operation(self):
        chosen = self.line._get_backflush_method(self.line.browse())
        if chosen == "operation" and self.method == "completion":
            return self.env._(
                "It has no operation, so its method counts as “At completion”."
            )
        return ""

    def _describe_inside_kit(self):
        if self.line.bom_id.type != "phantom":
            return ""
        return self.env._(
            "In an order that uses this kit, the line of the kit decides first what "
            "this line leaves empty."
        )

    def _format(self, quantity):
        """A quantity as the user writes it, with the decimals that it needs."""
        digits = len(f"{quantity:.6f}".rstrip("0").partition(".")[2])
        return formatLang(self.env, quantity, digits=digits)
