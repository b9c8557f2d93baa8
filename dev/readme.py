"""The pages of the addons, made of their fragments in `readme/`.

A package shows `README.rst`, the list of apps `static/description/index.html`. `./run
lint` compares them with the fragments, `./run lint --fix` writes them.
"""

import ast
import re
import sys

import pypandoc

from . import addons, paths

SECTIONS = {
    "DESCRIPTION": "",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "HISTORY": "Changelog",
}
PICTURES = "../static/description/"
LICENSE = "Licensed under the LGPL-3, as Odoo is."
MARKDOWN = "gfm-gfm_auto_identifiers"


def main(arguments):
    """Compare or, with `--fix`, write the pages; 1 where one was not up to date."""
    outdated = False
    for name in addons.names():
        for path, content in _make_pages(paths.ROOT / name).items():
            if path.is_file() and path.read_text() == content:
                continue
            outdated = True
            print(f"{path.relative_to(paths.ROOT)}: ./run lint --fix writes it")
            if "--fix" in arguments:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content)
    return int(outdated)


def _make_pages(addon):
    """What the pages of an addon are to be: `{path: content}`."""
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
    text = _compose(addon / "readme", manifest["name"])
    description = (addon / "readme" / "DESCRIPTION.md").read_text()
    return {
        addon / "README.rst": _convert(
            text.replace(PICTURES, "static/description/"), "rst"
        ),
        addon / "static/description/index.html": _make_app_page(
            description.replace(PICTURES, ""), manifest["name"]
        ),
    }


def _compose(folder, title):
    parts = [f"# {title}"]
    for name, heading in SECTIONS.items():
        fragment = folder / f"{name}.md"
        if fragment.is_file():
            # a heading of a fragment stands below that of its section
            content = re.sub(r"^#", "##", fragment.read_text(), flags=re.MULTILINE)
            parts += [f"## {heading}"] if heading else []
            parts.append(content if heading else fragment.read_text())
    return "\n\n".join([*parts, "## License", LICENSE])


def _make_app_page(description, title):
    html = _convert(f"## {title}\n\n{description}", "html")
    html = html.replace("<img ", '<img class="img-fluid border" ')
    sections = re.split(r"(?=<h2>)", html.strip())
    return "\n".join(
        f'<section class="container py-4">\n{section.strip()}\n</section>\n'
        for section in sections
        if section
    )


def _convert(text, kind):
    arguments = ["--wrap=auto", "--columns=88"]
    return pypandoc.convert_text(text, kind, MARKDOWN, extra_args=arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
