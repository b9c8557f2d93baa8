from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from odoo.addons.queue_job.job import Job

from ..models.job import mrp_backflush_submitted
from .common import QueueCase


class TestSubmit(QueueCase):
    """Reports are accepted at once, and posted once, by jobs."""

    def test_accepted_then_posted(self):
        order = self._create_order(quantity=10)
        answer = self._submit(
            {"production_id": order.id, "quantity": 3, "reference": "Q-1"},
            {"production": order.name, "quantity": 2, "reference": "Q-2"},
            {"product_id": self.chair.id, "quantity": 4, "reference": "Q-3"},
        )
        self.assertEqual(answer["accepted"], 3)
        self.assertEqual(answer["refused"], [])
        self.assertEqual(order.qty_produced, 0)
        self.assertEqual(
            self._status(answer["job"]),
            [
                {"reference": name, "state": "waiting", "result": {}, "error": {}}
                for name in ("Q-1", "Q-2", "Q-3")
            ],
        )
        [job] = self._find_jobs()
        self.assertEqual(job.channel, "root.backflush")
        self._run()
        self.assertEqual(job.state, "done")
        self.assertEqual(order.qty_produced, 5)
        self.assertEqual(self._on_hand(self.chair), 9)
        self.assertEqual(self._on_hand(self.board), 100 - 18)
        states = self._status(answer["job"])
        self.assertEqual([row["state"] for row in states], ["posted"] * 3)
        first = states[0]["result"]
        self.assertEqual((first["reference"], first["replayed"]), ("Q-1", False))
        self.assertEqual(first["production"]["qty_produced"], 3)
        postings = self.env["mrp.backflush"].search([("reference", "=", "Q-2")])
        self.assertEqual(postings.user_id, self.worker)

    def test_repeated_as_a_whole(self):
        order = self._create_order(quantity=10)
        reports = [
            {"production_id": order.id, "quantity": 1, "reference": f"Q-{number}"}
            for number in range(3)
        ]
        answer = self._submit(*reports)
        self.assertEqual(self._submit(*reports), answer)
        self._run()
        self.assertEqual(self._submit(*reports), answer)
        self.assertEqual(self._find_jobs(), self.jobs)
        self.assertEqual(order.qty_produced, 3)
        other = self._submit(*reports[:2])
        self.assertNotEqual(other["job"], answer["job"])
        self.assertEqual(len(self._status(other["job"])), 2)

    def test_one_reference_twice(self):
        order = self._create_order(quantity=10)
        report = {"production_id": order.id, "quantity": 1, "reference": "Q-1"}
        answer = self._submit(report, report, {**report, "quantity": 2})
        self.assertEqual(answer["accepted"], 2)
        [refused] = answer["refused"]
        self.assertEqual((refused["index"], refused["reference"]), (2, "Q-1"))
        self.assertEqual(refused["error"]["type"], "duplicate")
        [refused] = self._submit({**report, "quantity": 2})["refused"]
        self.assertEqual(refused["error"]["type"], "duplicate")
        self._run()
        self.assertEqual(order.qty_produced, 1)

    def test_posted_before_by_another_call(self):
        order = self._create_order(quantity=10)
        report = {"quantity": 1, "reference": "Q-1"}
        order.backflush_post(**report)
        self._submit({"production_id": order.id, **report})
        self._run()
        self.assertEqual(self._get_states("Q-1"), {"Q-1": "posted"})
        self.assertEqual(order.qty_produced, 1)

    def test_refused_at_once(self):
        order = self._create_order()
        good = {"production_id": order.id, "quantity": 1, "reference": "Q-1"}
        bad = {
            "reference": ({**good, "reference": " "}, "invalid"),
            "quantity": ({**good, "quantity": float("nan")}, "invalid"),
            "kwantity": ({**good, "kwantity": 1}, "invalid"),
            "order": ({**good, "production_id": 2**31 - 1}, "not_found"),
            "report": ("Q-1", "invalid"),
        }
        answer = self._submit(*(report for report, _kind in bad.values()))
        self.assertEqual((answer["job"], answer["accepted"]), ("", 0))
        self.assertEqual(
            [row["error"]["type"] for row in answer["refused"]],
            [kind for _report, kind in bad.values()],
        )
        self.assertEqual([row["index"] for row in answer["refused"]], [0, 1, 2, 3, 4])
        self.assertFalse(self._find_jobs())
        for reports in ("Q-1", {}, None, [good] * 10_001):
            with self.assertRaises(UserError):
                self.env["mrp.production"].backflush_submit(reports)

    def test_questions_that_are_none(self):
        orders = self.env["mrp.production"]
        for arguments in (
            {},
            {"job": "unknown"},
            {"job": 1},
            {"references": "Q-1"},
            {"references": [1]},
            {"references": ["Q-1"] * 10_001},
            {"name": "x"},
        ):
            with self.subTest(arguments), self.assertRaises(UserError):
                orders.backflush_status(**arguments)
        self.assertEqual(self._get_states("Q-9"), {"Q-9": "unknown"})

    def test_jobs_of_a_hundred_by_production_line(self):
        """One channel for each line; the reports of an order keep their order."""
        self.enterContext(patch.object(mrp_backflush_submitted, "SIZE", 2))
        self.channel.backflush_channel = "line_1"
        cutting = self.env["mrp.workcenter"].create(
            {"name": "Cutting", "backflush_channel": "cutting"}
        )
        self.bom.operation_ids = [
            (0, 0, {"name": "Cut", "workcenter_id": cutting.id}),
        ]
        order = self._create_order(quantity=10)
        on_order = {"production_id": order.id, "quantity": 1}
        at_cut = {**on_order, "workorder_id": order.workorder_ids.id}
        self._submit(
            *({**on_order, "reference": f"O-{number}"} for number in range(3)),
            {**at_cut, "reference": "C-1"},
        )
        jobs = self._find_jobs()
        self.assertEqual(
            jobs.mapped("channel"),
            [
                "root.backflush.line_1",
                "root.backflush.line_1",
                "root.backflush.cutting",
            ],
        )
        self.assertEqual([len(job.records) for job in jobs], [2, 1, 1])
        # The last of them came first: it waits until its turn has come.
        self._run(jobs[2])
        self.assertEqual(jobs[2].state, "pending")
        self.assertTrue(jobs[2].eta)
        self._run(jobs[0])
        self._run(jobs[1:])
        self.assertEqual(
            self._get_states("O-0", "O-1", "O-2"),
            {"O-0": "posted", "O-1": "posted", "O-2": "posted"},
        )
        ids = self._get_postings("O-0", "O-1", "O-2").sorted("id").mapped("reference")
        self.assertEqual(ids, ["O-0", "O-1", "O-2"])

    def _get_postings(self, *references):
        return self.env["mrp.backflush"].search([("reference", "in", references)])

    def test_two_jobs_that_wait_for_each_other(self):
        """Each posts what it can; the rest comes later."""
        self.enterContext(patch.object(mrp_backflush_submitted, "SIZE", 2))
        one, other = self._create_order(quantity=5), self._create_order(quantity=5)
        for channel, reports in (
            ("x", [(one, "A-1")]),
            ("y", [(other, "B-1"), (one, "A-2")]),
            ("x", [(other, "B-2")]),
        ):
            self.channel.backflush_channel = channel
            self._submit(
                *(
                    {"production_id": order.id, "quantity": 1, "reference": name}
                    for order, name in reports
                )
            )
        # As if a job of one channel held the first and the last of them.
        first, middle, last = self._find_jobs()
        lines = self.env["mrp.backflush.submitted"].search(
            [("reference", "in", ("A-1", "B-2"))]
        )
        lines.job_id = first
        (first + last).unlink()
        lines.with_user(self.worker).sorted("id")._delay()
        both = self._find_jobs() - middle
        self.assertEqual(len(both.records), 2)
        self._run(both)
        self.assertEqual(
            self._get_states("A-1", "B-2"), {"A-1": "posted", "B-2": "waiting"}
        )
        self._run(middle)
        self._run()
        states = self._get_states("A-1", "A-2", "B-1", "B-2")
        self.assertEqual(set(states.values()), {"posted"})

    def test_an_old_job_does_nothing(self):
        """A job that somebody runs again finds its reports done."""
        order = self._create_order(quantity=10)
        self._submit({"production_id": order.id, "quantity": 1, "reference": "Q-1"})
        job = self._find_jobs()
        self._run()
        job.requeue()
        self._run()
        self.assertEqual(job.state, "done")
        self.assertEqual(order.qty_produced, 1)

    def test_rights_of_the_caller(self):
        order = self._create_order(quantity=10)
        report = {"production_id": order.id, "quantity": 1, "reference": "Q-1"}
        nobody = new_test_user(self.env, "nobody", "base.group_user")
        with self.assertRaises(AccessError):
            self._submit(report, user=nobody)
        reader = new_test_user(self.env, "reader", "stock.group_stock_user")
        [refused] = self._submit(report, user=reader)["refused"]
        self.assertEqual(refused["error"]["type"], "access")
        with self.assertRaises(AccessError):
            self._status(references=["Q-1"], user=nobody)
        self._submit(report)
        self.worker.group_ids = self.env.ref("base.group_user")
        self._run()
        line = self.env["mrp.backflush.submitted"].search([("reference", "=", "Q-1")])
        self.assertTrue(line.is_refused)
        self.assertIn("not allowed to access", line.message)
        self.assertEqual(order.sudo().qty_produced, 0)

    def test_companies(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            self._get_worker_groups(),
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        order = self._create_order(quantity=10)
        report = {"production_id": order.id, "quantity": 1, "reference": "Q-1"}
        answer = self._submit(report)
        self.assertEqual(self._submit(report, user=stranger)["accepted"], 0)
        [status] = self._status(references=["Q-1"], user=stranger)
        self.assertEqual(status["state"], "unknown")
        with self.assertRaises(ValidationError):
            self._status(answer["job"], user=stranger)

    def test_what_a_caller_sends_beside_it(self):
        """Neither runs the job at once, nor makes it more than it is."""
        order = self._create_order(quantity=10)
        forged = {
            "queue_job__no_delay": True,
            "default_state": "posted",
            "default_user_id": self.env.ref("base.user_admin").id,
            "job_uuid": "x",
            "backflush_record": True,
            "company_id": 99,
        }
        report = {"production_id": order.id, "quantity": 1, "reference": "Q-1"}
        self._submit(report, **forged)
        line = self._get_submitted("Q-1")
        self.assertEqual((line.state, line.user_id), ("waiting", self.worker))
        [job] = self._find_jobs()
        self.assertEqual(job.user_id, self.worker)
        self.assertEqual(job.records.env.su, False)
        self.assertTrue(forged.keys().isdisjoint(job.records.env.context))
        self.assertEqual(order.qty_produced, 0)
        with self.assertRaises(UserError):
            self.env["mrp.production"].backflush_submit([], order=1)
        with self.assertRaises(AccessError):
            line.write({"state": "posted"})

    def test_accepted_at_the_same_moment(self):
        """Whoever comes second is repeated by Odoo, and accepts what was accepted."""
        order = self._create_order(quantity=10)
        report = {"production_id": order.id, "quantity": 1, "reference": "Q-1"}
        self._submit(report)
        submitting = "odoo.addons.backflush_auto_queue.submitting.Submitting"
        with (
            patch(f"{submitting}._find_known", lambda it: {}),
            self.assertRaisesRegex(Exception, "at the same moment"),
            self.env.cr.savepoint(),
        ):
            self._submit(report)

    def test_channel_names(self):
        for name in ("a.b", "a:2", "root,x", "ä", "a b"):
            with self.assertRaises(ValidationError):
                self.channel.backflush_channel = name
        self.channel.backflush_channel = "Line_7"

    def test_job_that_has_failed(self):
        """Its reports are refused until it, or one of them, is run again."""
        order = self._create_order(quantity=10)
        report = {"production_id": order.id, "quantity": 1}
        self._submit(*({**report, "reference": f"Q-{it}"} for it in (1, 2)))
        record = self._find_jobs()
        job = Job.load(self.env, record.uuid)
        job.set_failed(exc_message="Out of memory")
        job.store()
        self.env.invalidate_all()
        [first, _second] = self._status(references=["Q-1", "Q-2"])
        self.assertEqual(first["state"], "refused")
        self.assertEqual(first["error"], {"type": "failed", "message": "Out of memory"})
        lines = self.env["mrp.backflush.submitted"].with_user(self.worker)
        refused = lines.search([("is_refused", "=", True)])
        one = self._get_submitted("Q-1")
        self.assertIn(one, refused)
        self.assertEqual(one.message, "Out of memory")
        one.action_send_again()
        self.assertEqual(record.state, "failed")
        self.assertNotIn(one, lines.search([("is_refused", "=", True)]))
        self._run()
        record.requeue()
        self._run()
        self.assertEqual(
            self._get_states("Q-1", "Q-2"), {"Q-1": "posted", "Q-2": "posted"}
        )
        self.assertEqual(order.qty_produced, 2)
