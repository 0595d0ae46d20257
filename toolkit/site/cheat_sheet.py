"""The cheat sheet as one A4 page: HTML, and PDF where Chromium is installed. Its source is docs/cheat-sheet.md, which the site also shows as a page."""

import re
import shutil
import subprocess

from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>metarl: cheat sheet</title>
<style>{style}</style></head>
<body><header>{header}</header><main>{sections}</main></body></html>
"""


def chromium():
    """The browser that prints, if there is one."""
    return next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)


def page_of(text, style):
    """HTML of the sheet: the title and its sentence across the page, then a box per section."""
    formatter = HtmlFormatter(style="tango", nowrap=True)
    markdown = MarkdownIt(options_update={"highlight": lambda code, language, attributes: highlight(code, get_lexer_by_name(language), formatter)})
    header, *sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    boxes = "".join(f"<section>{markdown.render(section)}</section>" for section in sections)
    return PAGE.format(style=style + formatter.get_style_defs("code"), header=markdown.render(header), sections=boxes)


def print_pdf(page, pdf):
    """Whether the page was printed."""
    browser = chromium()
    if browser is None:
        print("The cheat sheet has no PDF: Chromium is not installed (Debian: apt install chromium; macOS: brew install --cask chromium)")
        return False
    subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={pdf}", page.as_uri()],
                   check=True, stderr=subprocess.DEVNULL, timeout=120)
    return True


def write(source, folder, style):
    """Writes cheat-sheet.html and, where it can be printed, cheat-sheet.pdf into a folder; returns the names of what was written."""
    page = folder / "cheat-sheet.html"
    page.write_text(page_of(source.read_text(encoding="utf-8"), style.read_text(encoding="utf-8")), encoding="utf-8")
    pdf = page.with_suffix(".pdf")
    return [page.name, pdf.name] if print_pdf(page, pdf) else [page.name]
