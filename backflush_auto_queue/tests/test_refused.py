from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user

from .common import QueueCase


class TestRefused(QueueCase):
    """What cannot be posted waits for a person, and keeps nothing else waiting."""

    def setUp(self):
        super().setUp()
        self.order = self._create_order(quantity=100)
        self._submit(
            {"production_id": self.order.id, "quantity": 1, "reference": "Q-1"},
            {"production_id": self.order.id, "quantity": 60, "reference": "Q-2"},
            {"production_id": self.order.id, "quantity": 2, "reference": "Q-3"},
        )
        self._run()
        self.line = self._get_submitted("Q-2")
        self.person = new_test_user(self.env, "person", self._get_worker_groups())
        self.lines = self.line.with_user(self.person)

    def _correct(self):
        action = self.lines.action_correct()
        return Form.from_action(self.env(user=self.person), action)

    def test_a_failed_job_with_the_reason(self):
        self.assertEqual(
            self._get_states("Q-1", "Q-2", "Q-3"),
            {"Q-1": "posted", "Q-2": "refused", "Q-3": "posted"},
        )
        self.assertEqual(self.order.qty_produced, 3)
        self.assertTrue(self.line.is_refused)
        self.assertIn("Board: 120.00 Units needed", self.line.message)
        [job] = self._find_jobs("failed")
        self.assertEqual(job, self.line.sudo().job_id)
        self.assertEqual(job.user_id, self.worker)
        self.assertIn("Board: 120.00 Units needed", job.exc_message)
        [status] = self._status(references=["Q-2"])
        self.assertEqual(status["error"]["type"], "shortage")
        self.assertEqual(status["error"]["components"][0]["missing"], 22)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto_queue.mrp_backflush_submitted_action"
        )
        self.assertIn("search_default_refused", action["context"])
        found = self.lines.search([("is_refused", "=", True)])
        self.assertIn(self.line, found)
        rest = self.lines.search([("is_refused", "=", False)])
        self.assertNotIn(self.line, rest)
        self.assertIn(self._get_submitted("Q-1"), rest)

    def test_sent_again_once_stock_is_there(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 200)
        job = self.line.sudo().job_id
        self.lines.action_send_again()
        self.assertEqual(job.state, "cancelled")
        self.assertEqual(self._get_states("Q-2"), {"Q-2": "waiting"})
        self._run()
        self.assertEqual(self._get_states("Q-2"), {"Q-2": "posted"})
        self.assertEqual(self.line.backflush_id.user_id, self.person)
        self.assertEqual(self.order.qty_produced, 63)
        with self.assertRaisesRegex(UserError, "Q-2"):
            self.lines.action_send_again()

    def test_run_again_from_the_list_of_jobs(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 200)
        self.line.sudo().job_id.requeue()
        self._run()
        self.assertEqual(self._get_states("Q-2"), {"Q-2": "posted"})
        self.assertEqual(self.line.backflush_id.user_id, self.worker)

    def test_refused_again(self):
        self.lines.action_send_again()
        self._run()
        self.assertEqual(self._get_states("Q-2"), {"Q-2": "refused"})
        self.assertEqual(self.line.sudo().job_id, self._find_jobs("failed"))
        self.assertEqual(self.line.sudo().job_id.user_id, self.person)

    def test_the_program_sends_it_again(self):
        report = {"production_id": self.order.id, "reference": "Q-2"}
        answer = self._submit({**report, "quantity": 6})
        self.assertEqual((answer["accepted"], answer["refused"]), (1, []))
        self._run()
        self.assertEqual(self.order.qty_produced, 9)
        [refused] = self._submit({**report, "quantity": 60})["refused"]
        self.assertEqual(refused["error"]["type"], "duplicate")

    def test_corrected(self):
        dialog = self._correct()
        self.assertEqual(dialog.quantity, 60)
        self.assertEqual(dialog.production_id, self.order)
        dialog.quantity = 6
        old = self.line.sudo().job_id
        dialog.save().action_send()
        self.assertEqual(old.state, "cancelled")
        self.assertEqual(self.line.user_id, self.person)
        self._run()
        self.assertEqual(self._get_states("Q-2"), {"Q-2": "posted"})
        self.assertEqual(self.order.qty_produced, 9)
        self.assertEqual(self.line.backflush_id.user_id, self.person)
        self.assertEqual(self.line.values["quantity"], 60)
        self.assertEqual(self.line.correction["quantity"], 6)
        # The program, which does not know of it, repeats its call.
        report = {"production_id": self.order.id, "quantity": 60, "reference": "Q-2"}
        self.assertEqual(self._submit(report)["accepted"], 1)
        self._run()
        self.assertEqual(self.order.qty_produced, 9)

    def test_the_old_job_of_a_corrected_report(self):
        """Nobody gets what a person has corrected posted in another one's name."""
        old = self.line.sudo().job_id
        dialog = self._correct()
        dialog.quantity = 6
        dialog.save().action_send()
        new = self._find_jobs()
        old.requeue()
        self._run(old)
        self.assertEqual(self._get_states("Q-2"), {"Q-2": "waiting"})
        self._run(new)
        self.assertEqual(self.line.backflush_id.user_id, self.person)

    def test_corrections_that_are_none(self):
        other = self._create_order(quantity=1)
        other.button_mark_done()
        for values, message in (
            ({"others": "{"}, "no JSON"),
            ({"others": "[]"}, "an object"),
            ({"others": '{"reference": "Q-9"}'}, "an object without"),
            ({"others": '{"kwantity": 1}'}, "kwantity"),
            ({"quantity": -1}, "negative"),
            ({"production_id": self.order.browse()}, "one of production_id"),
        ):
            dialog = self._correct()
            for name, value in values.items():
                dialog[name] = value
            with self.subTest(values), self.assertRaisesRegex(UserError, message):
                dialog.save().action_send()
        self.assertEqual(self._get_states("Q-2"), {"Q-2": "refused"})

    def test_another_order_and_lots(self):
        self.chair.tracking = "lot"
        other = self._create_order(quantity=4)
        dialog = self._correct()
        dialog.production_id = other
        dialog.quantity = 4
        wizard = dialog.save()
        wizard.lot_names = " LOT-1 \n\n"
        wizard.action_send()
        self._run()
        self.assertEqual(other.state, "done")
        self.assertEqual(other.lot_producing_ids.name, "LOT-1")
        self.assertEqual(self.line.production_id, other)

    def test_discarded(self):
        self.lines.action_discard()
        self.assertEqual(self._get_states("Q-2"), {"Q-2": "discarded"})
        self.assertFalse(self._find_jobs("failed"))
        [job] = self._find_jobs("cancelled")
        job.requeue()
        self._run()
        self.assertEqual(self._get_states("Q-2"), {"Q-2": "discarded"})
        report = {"production_id": self.order.id, "quantity": 60, "reference": "Q-2"}
        self.assertEqual(self._submit(report)["accepted"], 1)
        self.assertFalse(self._find_jobs())

    def test_who_may_decide(self):
        for user in (
            new_test_user(self.env, "storeman", "stock.group_stock_user"),
            self._create_stranger(),
        ):
            line = self.line.with_user(user)
            for button in ("action_send_again", "action_discard", "action_correct"):
                with self.assertRaises(AccessError):
                    getattr(line, button)()
        posted = self._get_submitted("Q-1").with_user(self.person)
        with self.assertRaisesRegex(UserError, "Q-1"):
            posted.action_discard()
        dialogs = self.env["mrp.backflush.submitted.correction"].with_user(self.person)
        with self.assertRaises(UserError):
            dialogs.create({"submitted_id": posted.id}).action_send()

    def test_a_report_of_another_company(self):
        """Whoever names it in a dialog learns nothing of it."""
        dialogs = self.env["mrp.backflush.submitted.correction"].with_user(
            self._create_stranger()
        )
        vals = {"submitted_id": self.line.id}
        with self.assertRaises(AccessError):
            dialogs.create(vals).others  # noqa: B018 it is computed when it is read
        for name in ("message", "others"):
            with self.assertRaises(AccessError):
                dialogs.new(vals)[name]
        given = {"production_id": False, "quantity": 1, "lot_names": "", "others": "{}"}
        dialog = dialogs.create({**vals, **given})
        with self.assertRaises(AccessError):
            dialog.read(["message"])
        with self.assertRaises(AccessError):
            dialog.action_send()

    def _create_stranger(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        return new_test_user(
            self.env,
            "stranger",
            self._get_worker_groups(),
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    def test_an_order_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.person.company_ids |= company
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        other = self.order.sudo().create(
            {
                "company_id": company.id,
                "product_id": self.chair.id,
                "product_qty": 1,
                "picking_type_id": warehouse.manu_type_id.id,
                "backflush": True,
            }
        )
        lines = self.lines.with_context(
            allowed_company_ids=(self.env.company + company).ids
        )
        dialog = (
            self.env["mrp.backflush.submitted.correction"]
            .with_env(lines.env)
            .create(
                {"submitted_id": lines.id, "production_id": other.id, "quantity": 1}
            )
        )
        with self.assertRaisesRegex(ValidationError, "another company"):
            dialog.action_send()

    def test_kept_for_a_while(self):
        posted = self._get_submitted("Q-1").sudo()
        submissions = self.env["mrp.backflush.submission"].search(
            [("submitted_ids", "in", posted.ids)]
        )
        for line in posted + self.line.sudo():
            self.env.cr.execute(
                "UPDATE mrp_backflush_submitted SET write_date = '2020-01-01'"
                " WHERE id = %s",
                [line.id],
            )
        self.env["mrp.backflush.submitted"]._gc_settled()
        self.env["mrp.backflush.submission"]._gc_empty()
        self.assertFalse(posted.exists())
        self.assertTrue(self.line.exists())
        self.assertTrue(submissions.exists())
        # Posted once, all the same.
        report = {"production_id": self.order.id, "quantity": 1, "reference": "Q-1"}
        self._submit(report)
        self._run()
        self.assertEqual(self._get_states("Q-1"), {"Q-1": "posted"})
        self.assertEqual(self.order.qty_produced, 3)
