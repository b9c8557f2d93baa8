from odoo.tests import TransactionCase, tagged

from odoo.addons.backflush_auto.tests.common_translations import TranslationsMixin


@tagged("post_install", "-at_install")
class TestTranslations(TranslationsMixin, TransactionCase):
    addon = "backflush_auto_terminal"
