from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BackflushCase
from .common_translations import TranslationsMixin


@tagged("post_install", "-at_install")
class TestTranslations(TranslationsMixin, BackflushCase):
    addon = "backflush_auto"

    def test_message_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.worker.lang = "fr_FR"
        order = self._create_order(quantity=100)
        with self.assertRaisesRegex(UserError, "car ces composants manquent"):
            order.with_context(lang="fr_FR").button_mark_done()
