"""Links from every public class that a page or its code names to the class's page in the API documentation."""

import json
import re

TOKEN = re.compile(r'<a\b[^>]*>|</a>|<code class="docutils literal notranslate"><span class="pre">(\w+)(?:[.(][^<]*)?</span></code>|<span class="n">(\w+)</span>')


def classes(api):
    """Page of every class, by its name, where only one class has it."""
    text = (api / "type-search-index.js").read_text(encoding="utf-8")
    entries = [entry for entry in json.loads(text[text.index("["):text.rindex("]") + 1]) if "p" in entry and "." not in entry["l"]]
    names = [entry["l"] for entry in entries]
    return {entry["l"]: f"{entry['p'].replace('.', '/')}/{entry['l']}.html" for entry in entries if names.count(entry["l"]) == 1}


def linked(text, pages, prefix):
    """HTML in which the names of classes are links, unless they lie in one."""
    in_link = False

    def replaced(found):
        nonlocal in_link
        name = found[1] or found[2]
        if name is None:
            in_link = found[0] != "</a>"
        elif not in_link and name in pages:
            return f'<a class="api" href="{prefix}{pages[name]}">{found[0]}</a>'
        return found[0]

    return TOKEN.sub(replaced, text)


def link_pages(site):
    """Adds the links to all pages but those of the API documentation itself."""
    pages = classes(site / "api")
    for path in site.rglob("*.html"):
        place = path.relative_to(site)
        if place.parts[0] not in ("api", "_static"):
            text = path.read_text(encoding="utf-8")
            path.write_text(linked(text, pages, "../" * (len(place.parts) - 1) + "api/"), encoding="utf-8")
