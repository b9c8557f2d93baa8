import re
from io import BytesIO

import polib

from odoo.tools import file_path
from odoo.tools.translate import trans_export


class TranslationsMixin:
    """What a person reads is in the template and translated.

    Where one of these fails, ``./run translations`` brings the files up to date.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        buffer = BytesIO()
        trans_export(None, [cls.addon], buffer, "po", cls.env)
        cls.terms = {entry.msgid for entry in polib.pofile(buffer.getvalue().decode())}
        cls.languages = {name: cls._read(f"{name}.po") for name in ("de", "fr")}

    @classmethod
    def _read(cls, name):
        return polib.pofile(file_path(f"{cls.addon}/i18n/{name}"))

    def test_template_is_complete(self):
        template = {entry.msgid for entry in self._read(f"{self.addon}.pot")}
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
