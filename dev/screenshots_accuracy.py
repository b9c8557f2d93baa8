"""The pictures of docs/accuracy.md: the factory whose mistakes are known."""

from odoo.tests import new_test_user, tagged

from odoo.addons.backflush_auto_accuracy.tests.factory import FactoryAtWork, get_start

from dev.pictures import PictureCase

WEEKS = 10


@tagged("post_install", "-at_install")
class AccuracyPictures(PictureCase):
    """Not a test: each step leaves a picture."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "mrp.group_mrp_manager,mrp.group_mrp_routings"
        groups += ",stock.group_stock_manager,product.group_product_manager"
        groups += ",account.group_account_readonly"
        mia = new_test_user(cls.env, "mia", groups=groups, name="Mia")
        cls.factory = FactoryAtWork(cls.env(user=mia), get_start(WEEKS))
        cls.factory.work(WEEKS)
        cls.factory.propose()

    def test_pictures(self):
        self._log_in("mia")
        self._open("/odoo/backflush-accuracy")
        self._find(".o_backflush_graph[name=records] canvas")
        self._take("accuracy_dashboard", ".o_backflush_graph canvas", height=920)
        self._open("/odoo/backflush-proposals")
        self._take("accuracy_proposals", ".o_data_row")
        proposal = self.factory.find_proposals()[0]
        self._open(f"/odoo/backflush-proposals/{proposal.id}")
        self._take("accuracy_proposal", ".o_form_view [name=count_ids] .o_data_row")
        [mistake] = [it for it in self.factory.plan.mistakes if it.kind == "unreported"]
        recipe = self.factory.plan.recipes[mistake.names[0]]
        count = self.factory.get_counts(next(iter(recipe)), mistake.week)
        self._open(f"/odoo/backflush-counts/{count.id}")
        self._take("accuracy_count", ".o_form_view [name=explanation]")
        self._open("/odoo/backflush-count-today")
        self._take("accuracy_agenda", ".o_data_row")
