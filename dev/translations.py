"""`./run translations`: the terms of the addons and their translations, up to date.

Odoo exports the terms of an addon from a database with nothing else in it but those
before it. The translation of a
term that was reworded is kept and marked as fuzzy, for a person to look at: Odoo leaves
it out, and it counts as lacking.
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
    with server.ready() as odoo:
        database.clone(database.template(odoo, ("mrp",)), NAME)
        lacking = sum(_install_and_update(odoo, folder) for folder in addons.folders())
        database.drop(NAME)
    return 1 if lacking else 0


def _install_and_update(odoo, folder):
    with console.step(f"Installing {folder.name}"):
        database.install(odoo, NAME, [folder.name], "--skip-auto-install")
    return _update(odoo, folder)


def _update(odoo, folder):
    """Bring the files of an addon up to date; how many translations are lacking."""
    template = _write_template(odoo, folder)
    lacking = 0
    for file in sorted((folder / "i18n").glob("*.po")):
        missing = _merge(template, file)
        print(f"{file.relative_to(paths.ROOT)}: {missing} of {len(template)} lacking")
        lacking += missing
    return lacking


def _write_template(odoo, folder):
    arguments = ("-l", "pot", "-o", str(EXPORTED), folder.name)
    odoo.logged("i18n.log", "i18n", "export", "-d", NAME, *arguments)
    exported = polib.pofile(str(EXPORTED))
    EXPORTED.unlink()
    file = folder / "i18n" / f"{folder.name}.pot"
    known = polib.pofile(str(file)) if file.is_file() else None
    # a new date alone is no change
    if known is None or list(map(str, known)) != list(map(str, exported)):
        file.parent.mkdir(exist_ok=True)
        exported.save(str(file))
    return exported


def _merge(template, file):
    """Bring one language to the terms of the template; how many it lacks."""
    language = polib.pofile(str(file))
    known = {entry.msgid: entry for entry in language}
    gone = known.keys() - {term.msgid for term in template}
    merged = polib.POFile()
    merged.header, merged.metadata = language.header, language.metadata
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
        merged.append(entry)
    merged.save(str(file))
    return len(merged) - len(merged.translated_entries())
