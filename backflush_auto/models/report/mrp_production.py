from collections import defaultdict

from odoo import Command, models
from odoo.exceptions import UserError

from ...errors import check_reportable, refuse
from ...reporting.items import Entered
from ...reporting.payload import check_quantity
from ...texts import format_quantity, format_whole


class MrpProduction(models.Model):
    """What a report from outside enters on an order before it is posted."""

    _inherit = "mrp.production"

    def _get_backflush_problems(self):
        """What keeps each of these orders from being posted as it is entered.

        :return: ``{order: exception}``
        """
        reported = self._get_backflush_reported()
        return self._make_backflush_posting(reported).find_refused()

    def _enter_backflush_report(self, report, unit):
        """Enter what a report says, as a person would on the form.

        :param report: :class:`.Report`
        :param unit: of the reported quantity; Odoo converts some orders when it
            confirms them
        :return: :class:`.Entered`
        :raises UserError: where the order cannot take it
        """
        self.ensure_one()
        self._check_backflush_open()
        if report.workorder_id:
            workorder = self._find_backflush_workorder(report.workorder_id)
            return workorder._enter_backflush_report(report, unit)
        self._enter_backflush_scrap(report, unit)
        remaining = self._get_backflush_remaining()
        quantity = self._get_backflush_report_quantity(report, unit, remaining)
        self._check_backflush_units({self: quantity})
        self._enter_backflush_lots(report, quantity)
        total = self.qty_produced + quantity
        self.qty_producing = total
        self._set_qty_producing(False)
        components = self._enter_backflush_components(report.components, self)
        self._enter_backflush_damage(report)
        stays = report.remainder == "keep"
        issues = self._get_backflush_consumption_issues(stays=stays)
        self._check_backflush_strict(issues)
        if self.consumption == "strict":
            self._note_backflush_issues(issues)
        return Entered(self, total, components, issues)

    def _check_backflush_open(self):
        """Refuse an order that is over, or not backflushed."""
        check_reportable(self, self.name)
        if not self.backflush:
            raise refuse(
                self.env._(
                    "%(order)s is not backflushed: turn on Backflush on the order.",
                    order=self.name,
                ),
                "state",
            )

    def _find_backflush_workorder(self, workorder_id):
        workorder = self.workorder_ids.filtered(lambda w: w.id == workorder_id)
        if not workorder:
            raise refuse(
                self.env._(
                    "workorder_id: %(order)s has no work order with the id %(id)s.",
                    order=self.name,
                    id=workorder_id,
                ),
                "not_found",
                field="workorder_id",
            )
        return workorder

    def _get_backflush_report_quantity(self, report, unit, remaining):
        """The reported quantity, in the order's unit.

        :param unit: of the quantity of the report
        :param remaining: in the order's unit: reported where the report names none
        :raises UserError: where nothing is left to be reported
        """
        quantity = report.quantity
        check_quantity(self.env, quantity, unit)
        if unit != self.product_uom_id:
            quantity = unit._compute_quantity(
                quantity, self.product_uom_id, raise_if_failure=True
            )
        quantity = self.product_uom_id.round(quantity)
        if not report.scrap_only:
            quantity = quantity or remaining
        if not (quantity or report.has_scrap):
            raise refuse(
                self.env._(
                    "Nothing remains to be reported on %(order)s.", order=self.name
                ),
                "state",
            )
        problem = self._get_backflush_piece_problem(quantity)
        if problem:
            raise problem
        return quantity

    # --- Lots of the finished product ---

    def _enter_backflush_lots(self, report, quantity):
        """Enter the finished lot, or the serial numbers, that a report names."""
        names = report.lot_names
        if self.product_tracking == "none":
            if names:
                raise self._get_backflush_lots_problem(
                    self.env._("it is not tracked by lots or serial numbers")
                )
        elif self.product_tracking == "lot":
            self._enter_backflush_lot(names)
        else:
            self._enter_backflush_serials(names, quantity)

    def _enter_backflush_lot(self, names):
        if len(names) > 1:
            raise self._get_backflush_lots_problem(self.env._("it takes one lot"))
        if names:
            self.lot_producing_ids = self._find_or_make_backflush_lots(names)
        elif not self.lot_producing_ids:
            self.action_generate_serial()

    def _enter_backflush_serials(self, names, quantity):
        finished = self._get_backflush_main_moves()
        posted = finished.filtered(
            lambda move: move.state == "done"
        )._get_backflush_left_lots()
        lots = self.lot_producing_ids - posted
        if names:
            lots = self._find_or_make_backflush_lots(names)
        if lots & posted:
            raise self._get_backflush_lots_problem(
                self.env._(
                    "%(serials)s of %(order)s is posted already",
                    serials=", ".join((lots & posted).mapped("name")),
                    order=self.name,
                )
            )
        pieces = self._get_backflush_units(quantity)
        if self.product_id.uom_id.compare(len(lots), pieces):
            raise self._get_backflush_lots_problem(
                self.env._(
                    "%(needed)s serial numbers are needed, %(given)s are named",
                    needed=format_whole(self.env, pieces),
                    given=len(lots),
                )
            )
        self.lot_producing_ids = posted | lots

    def _find_or_make_backflush_lots(self, names):
        lots = self.product_id._find_backflush_lots(names, self.company_id)
        missing = set(names) - set(lots.mapped("name"))
        return lots | lots.create(
            [
                {"name": name, "product_id": self.product_id.id}
                for name in names
                if name in missing
            ]
        )

    def _report_backflush_workorders(self):
        """Let the work orders finish for no less than their order reports.

        Odoo finishes those that nobody has reported at for the quantity of the order.
        """
        staying = self._filter_backflush_staying_open()
        for order in self.filtered("backflush") - staying:
            begun = order.workorder_ids.filtered("qty_produced")
            begun._set_backflush_produced(order.qty_producing)

    def _get_backflush_lots_problem(self, reason):
        """The error that refuses the lots or serial numbers named for the product."""
        return self.product_id._get_backflush_lots_problem("lot_names", reason)

    # --- Components ---

    def _enter_backflush_components(self, entries, record):
        """Enter what a report says of single components.

        Several entries for one component add up.

        :param entries: list of
            :class:`.ComponentEntry`
        :param record: this order, or its work order that is reported at: it makes the
            components that are not on the order yet
        :return: ``{move: quantity in its unit}``
        """
        by_move = defaultdict(list)
        for entry in entries:
            move = self._find_backflush_component(entry)
            by_move[move or record._add_backflush_component(entry)].append(entry)
        return {move: move._enter_backflush(own) for move, own in by_move.items()}

    def _find_backflush_component(self, entry):
        """The component that a report names; empty where the order has none.

        :param entry: :class:`.ComponentEntry`
        """
        open_moves = self.move_raw_ids._filter_backflush_open()
        if entry.move_id:
            named = self.move_raw_ids.filtered(lambda m: m.id == entry.move_id)
            found = named._get_backflush_rest() if named else named
            if not found:
                raise refuse(
                    self.env._(
                        "move_id: %(order)s has no open component with the id %(id)s.",
                        order=self.name,
                        id=entry.move_id,
                    ),
                    "not_found",
                    field="move_id",
                )
            return found
        product = self._find_backflush_product(entry)
        found = open_moves.filtered(lambda move: move.product_id == product)
        if len(found) > 1:
            raise refuse(
                self.env._(
                    "%(order)s has several components with %(product)s: give move_id.",
                    product=product.display_name,
                    order=self.name,
                ),
                field="product_id",
            )
        return found

    def _find_backflush_product(self, entry):
        if entry.default_code:
            return self._find_backflush_product_by_code(entry.default_code)
        product = self.env["product.product"].browse(entry.product_id).exists()
        if not product:
            raise refuse(
                self.env._(
                    "product_id: there is no record with the id %(id)s.",
                    id=entry.product_id,
                ),
                "not_found",
                field="product_id",
            )
        product.check_access("read")
        return product

    def _find_backflush_product_by_code(self, code):
        """The component of this order with the code, else the product with it."""
        components = self.move_raw_ids._filter_backflush_open().product_id
        named = components.filtered(lambda product: product.default_code == code)
        if len(named) == 1:
            return named
        return self.env["product.product"]._find_backflush_by_code(
            code, self.company_id
        )

    def _add_backflush_component(self, entry):
        """Add a component that is not on the bill of materials."""
        product = self._find_backflush_product(entry)
        if product == self.product_id:
            raise refuse(
                self.env._(
                    "%(product)s cannot be a component of itself.",
                    product=product.display_name,
                ),
                field="product_id",
            )
        known = self.move_raw_ids
        values = self._get_move_raw_values(product, 0.0, product.uom_id)
        self.move_raw_ids = [Command.create(values)]
        return self.move_raw_ids - known

    # --- Around Odoo's own check ---

    def _check_backflush_posted_as(self, entered):
        """Refuse a report that was posted other than it was entered.

        :param entered: :class:`.Entered`
        :raises UserError: that says what would be posted
        """
        self.ensure_one()
        unit, record = self.product_uom_id, entered.record
        if unit.compare(record.qty_produced, entered.total):
            raise self._get_backflush_posted_as_problem(
                record.display_name, unit, entered.total, record.qty_produced
            )
        for move, quantity in entered.components.items():
            posted = move._get_backflush_product_qty(move._get_backflush_consumed())
            posted += move._get_backflush_owed_now()
            wanted = move._get_backflush_product_qty(quantity)
            unit = move.product_id.uom_id
            if unit.compare(posted, wanted):
                raise self._get_backflush_posted_as_problem(
                    move.product_id.display_name, unit, wanted, posted
                )

    def _get_backflush_posted_as_problem(self, name, unit, reported, posted):
        return refuse(
            self.env._(
                "%(order)s: %(reported)s %(unit)s of %(name)s were reported, but "
                "%(posted)s would be posted. Nothing was posted.",
                order=self.name,
                reported=format_quantity(self.env, reported),
                unit=unit.name,
                name=name,
                posted=format_quantity(self.env, posted),
            ),
            "state",
        )

    def _check_backflush_posted(self, answer):
        """Refuse where Odoo asks a question instead of posting.

        :param answer: of ``button_mark_done``
        """
        for order in self:
            if order.state != "done" and order._compare_backflush_to_posted():
                question = answer.get("name") if isinstance(answer, dict) else ""
                raise UserError(
                    self.env._(
                        "%(order)s was not posted: open it and answer what Odoo asks "
                        "there. %(question)s",
                        order=order.name,
                        question=question or "",
                    )
                )
