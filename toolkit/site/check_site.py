"""Checks a built site: every link and anchor leads somewhere, no page fetches anything from outside, and no page is heavier than it may be.

Usage: check_site.py SITE        exit 1 and one line per fault
"""

import pathlib
import re
import sys
import tempfile
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

# of a page with its pictures
HEAVIEST = 3_000_000
# what a browser fetches by itself, by tag
RESOURCES = {"img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src", "link": "href"}
OUTSIDE = re.compile(r"(https?:)?//")


class Page(HTMLParser):
    """The names a page has, the links it has, and what it fetches."""

    def __init__(self, path):
        super().__init__()
        self.names, self.links, self.fetched, self.without_text = set(), [], [], []
        text = path.read_text(encoding="utf-8")
        self.size = len(text.encode())
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.names.update(values[key] for key in ("id", "name") if values.get(key))
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag == "img" and "alt" not in values:
            self.without_text.append(values.get("src", ""))
        # a link to a next or a canonical page is not fetched
        if values.get(RESOURCES.get(tag)) and (tag != "link" or values.get("rel", "") in ("stylesheet", "icon", "preload", "shortcut icon")):
            self.fetched.append((tag, values[RESOURCES[tag]]))


def target_of(path, link, site):
    """The file that a link within the site leads to, and the anchor; no file for what leaves the site."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None, ""
    file = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    return (file if file.is_relative_to(site) else None), unquote(parts.fragment)


def faults_of(path, page, pages, site):
    for link in page.links:
        file, anchor = target_of(path, link, site)
        if urlsplit(link).scheme in ("http", "https", "mailto"):
            continue
        if file is None or not file.is_file():
            yield f"the link to {link} leads to no page of the site"
        elif anchor and file in pages and anchor not in pages[file].names:
            yield f"the link to {link} leads to no place of that page"
    weight = page.size
    for tag, link in page.fetched:
        file = None if link.startswith("data:") else target_of(path, link, site)[0]
        if OUTSIDE.match(link):
            yield f"{link} is fetched from outside"
        elif not link.startswith("data:") and (file is None or not file.is_file()):
            yield f"{link} is not there"
        elif tag == "img" and file is not None:
            weight += file.stat().st_size
    yield from (f"the picture {source[:60]} has no text" for source in page.without_text)
    if weight > HEAVIEST:
        yield f"{weight / 1e6:.1f} MB with its pictures; {HEAVIEST / 1e6:.0f} MB is the most"


def faults(site):
    """All faults of a site, and the number of its pages."""
    site = site.resolve()
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    found = [f"{path.relative_to(site)}: {fault}" for path, page in pages.items() for fault in faults_of(path, page, pages, site)]
    for style in site.rglob("*.css"):
        found += [f"{style.relative_to(site)}: {fault}" for fault in faults_of_style(style, site)]
    return found, len(pages)


def faults_of_style(path, site):
    for link in re.findall(r"(?:url\(\s*|@import\s+(?!url))['\"]?([^'\")\s]+)", path.read_text(encoding="utf-8")):
        if OUTSIDE.match(link):
            yield f"{link} is fetched from outside"
        elif not link.startswith(("data:", "#")):
            file = target_of(path, link, site)[0]
            if file is None or not file.is_file():
                yield f"{link} is not there"


def sees_every_kind():
    """Whether a page with one fault of every kind has all of them found, and a good one none."""
    with tempfile.TemporaryDirectory() as folder:
        site = pathlib.Path(folder).resolve()
        (site / "good.html").write_text('<h1 id="top">x</h1><a href="bad.html#here">b</a><a href="#top">t</a><a href="https://example.org/1">paper</a><img alt="" src="data:image/png;base64,AA">')
        (site / "bad.html").write_text('<p id="here"><a href="none.html">n</a><a href="good.html#none">m</a><a href="../../etc/passwd">o</a><script src="https://example.org/x.js"></script>'
                                       '<img alt="x" src="none.png"><img src="heavy.png">')
        (site / "heavy.png").write_bytes(bytes(HEAVIEST))
        (site / "bad.css").write_text("@import url('//example.org/x.css'); a { background: url(none.svg); }")
        found = "\n".join(faults(site)[0])
    kinds = ["none.html leads to no page", "good.html#none leads to no place", "passwd leads to no page", "x.js is fetched from outside", "none.png is not there", "heavy.png has no text",
             "MB with its pictures", "x.css is fetched from outside", "none.svg is not there"]
    missed = [kind for kind in kinds if kind not in found] + [line for line in found.splitlines() if line.startswith("good")]
    if missed:
        print("the checker itself: " + "; ".join(missed))
    return not missed


def check(site):
    """Prints the faults; returns whether there are none."""
    sound = sees_every_kind()
    found, pages = faults(site)
    for fault in found:
        print(fault)
    print(f"{pages} pages, {len(found)} faults")
    return sound and not found


if __name__ == "__main__":
    sys.exit(0 if check(pathlib.Path(sys.argv[1])) else 1)
