"""`./run translations`: the terms of the addons and their translations, up to date.

Odoo exports the terms of an addon from a database with nothing else in it but those
before it. The translation of a term that was reworded is kept and marked as fuzzy, for
a person to look at: Odoo leaves it out, and it counts as lacking.
"""

import argparse
import difflib

import polib

from . import addons, console, database, paths, server

NAME = "backflush_translations"
EXPORTED = paths.STATE / "exported.pot"


def main(arguments):
    """Write each addon's template and merge its languages; 1 where a term lacks one."""
    parser = argparse.ArgumentParser(prog="./run translations", description=__doc__)
    parser.parse_args(arguments)
    lacking = 0
    with server.ready() as odoo:
        database.clone(database.template(odoo, ("mrp",)), NAME)
        for addon in addons.names():
            with console.step(f"Installing {addon}"):
                database.install(odoo, NAME, [addon], "--skip-auto-install")
            template = _write_template(odoo, addon)
            for file in sorted((paths.ROOT / addon / "i18n").glob("*.po")):
                missing = _merge(template, file)
                print(f"{file.name} of {addon}: {missing} of {len(template)} lacking")
                lacking += missing
        database.drop(NAME)
    return 1 if lacking else 0


def _write_template(odoo, addon):
    arguments = ("-l", "pot", "-o", str(EXPORTED), addon)
    odoo.logged("i18n.log", "i18n", "export", "-d", NAME, *arguments)
    exported = polib.pofile(str(EXPORTED))
    file = paths.ROOT / addon / "i18n" / f"{addon}.pot"
    file.parent.mkdir(exist_ok=True)
    known = polib.pofile(str(file)) if file.is_file() else []
    # a new date alone is no change
    if list(map(str, known)) != list(map(str, exported)):
        exported.save(str(file))
    return exported


def _merge(template, file):
    """Bring one language to the terms of the template; how many it lacks."""
    language = polib.pofile(str(file))
    known = {entry.msgid: entry for entry in language}
    gone = known.keys() - {term.msgid for term in template}
    language.clear()
    for term in template:
        entry = polib.POEntry(
            msgid=term.msgid, comment=term.comment, occurrences=term.occurrences
        )
        if term.msgid in known:
            entry.msgstr = known[term.msgid].msgstr
            entry.flags = known[term.msgid].flags
        elif similar := difflib.get_close_matches(term.msgid, gone, n=1, cutoff=0.8):
            entry.msgstr = known[similar[0]].msgstr
            entry.flags = ["fuzzy"]
        language.append(entry)
    language.save()
    return len(language) - len(language.translated_entries())
