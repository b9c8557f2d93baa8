import re
from io import BytesIO

import polib

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import file_path
from odoo.tools.translate import trans_export

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestTranslations(BackflushCase):
    """What a person reads is in the template and translated.

    Where one of these fails, ``./run translations`` brings the files up to date.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        buffer = BytesIO()
        trans_export(None, ["backflush_auto"], buffer, "po", cls.env)
        cls.terms = {entry.msgid for entry in polib.pofile(buffer.getvalue().decode())}
        cls.languages = {name: cls._read(f"{name}.po") for name in ("de", "fr")}

    @classmethod
    def _read(cls, name):
        return polib.pofile(file_path(f"backflush_auto/i18n/{name}"))

    def test_template_is_complete(self):
        template = {entry.msgid for entry in self._read("backflush_auto.pot")}
        self.assertEqual(self.terms - template, set(), "missing")
        self.assertEqual(template - self.terms, set(), "gone from the addon")

    def test_every_term_is_translated(self):
        for name, language in self.languages.items():
            translated = {entry.msgid for entry in language.translated_entries()}
            self.assertEqual(self.terms - translated, set(), name)

    def test_placeholders_are_kept(self):
        placeholder = re.compile(r"%\(\w+\)[a-z]|%[a-z%]")
        for name, language in self.languages.items():
            for entry in language:
                with self.subTest(language=name, term=entry.msgid):
                    self.assertCountEqual(
                        placeholder.findall(entry.msgstr),
                        placeholder.findall(entry.msgid),
                    )

    def test_message_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.worker.lang = "fr_FR"
        order = self._create_order(quantity=100)
        with self.assertRaisesRegex(UserError, "car ces composants manquent"):
            order.with_context(lang="fr_FR").button_mark_done()
