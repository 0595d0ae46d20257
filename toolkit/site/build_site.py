"""Builds the site: start page, gallery of the stored notebooks, results, guides, cheat sheet and API documentation. Nothing is executed or fetched.

Usage: build_site.py ROOT PYTHON        PYTHON is the toolkit's, which has Plotly; the site is left in ROOT/build/site
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import api
import api_links
import cheat_sheet
import check_site
import staging

HERE = pathlib.Path(__file__).resolve().parent
# the most telling figure of a notebook, where it is not the first
THUMBNAILS = {"00-quickstart": 3}


def titled(path):
    """Title of a Markdown page."""
    return re.search(r"^# (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE).group(1)


def contents(pages, caption=""):
    """A hidden list of contents, which makes the menu."""
    return "\n".join(["```{toctree}", ":hidden:", *([f":caption: {caption}"] if caption else []), "", *pages, "```", ""])


def write_gallery(root, stage, figures):
    """The page with a card for every notebook."""
    cards, pages = [], []
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        staging.stage_notebook(path, root, stage, figures)
        title, question, picture = staging.card(path, figures, THUMBNAILS)
        shutil.copyfile(figures / picture, stage / "figures" / f"{path.stem}.png")
        number = path.stem.split("-")[0]
        pages.append(f"notebooks/{path.stem}")
        cards.append(f":::{{grid-item-card}} {number} · {title}\n:img-top: figures/{path.stem}.png\n:img-alt: A figure of the notebook\n"
                     f":link: notebooks/{path.stem}\n:link-type: doc\n\n{question}\n:::\n")
    intro = (HERE / "gallery.md").read_text(encoding="utf-8")
    (stage / "gallery.md").write_text(f"{intro}\n::::{{grid}} 1 2 3 3\n:gutter: 3\n:class-container: gallery\n\n{''.join(cards)}::::\n\n{contents(pages)}",
                                      encoding="utf-8")


def write_results(root, stage):
    """The page that lists the experiments; pages beside a README come under it in the menu."""
    lines, pages = [], []
    for path in sorted((root / "experiments").glob("*/README.md")):
        page = stage / path.relative_to(root)
        folder = path.parent.name
        lines.append(f"- [{titled(path)}](experiments/{folder}/README.md)")
        pages.append(f"experiments/{folder}/README")
        more = sorted(p.stem for p in page.parent.glob("*.md") if p.name != "README.md")
        if more:
            page.write_text(page.read_text(encoding="utf-8") + "\n\n" + contents(more), encoding="utf-8")
    intro = (HERE / "results.md").read_text(encoding="utf-8")
    (stage / "results.md").write_text(intro + "\n" + "\n".join(lines) + "\n\n" + contents(pages), encoding="utf-8")


def write_guides(root, stage):
    lines, pages = [], []
    docs = sorted(p.relative_to(root).as_posix() for p in (root / "docs").glob("*.md") if p.stem != "cheat-sheet")
    examples = sorted(p.relative_to(root).as_posix() for p in (root / "examples").glob("*/README.md"))
    first = ["README.md", *docs, *examples, "models/README.md", "CONTRIBUTING.md", "CHANGELOG.md", "CODE_OF_CONDUCT.md"]
    for name in first:
        title = "Everything on one page" if name == "README.md" else titled(root / name)
        lines.append(f"- [{title}]({name})")
        pages.append(f"{title} <{name[:-3]}>")
    intro = (HERE / "guides.md").read_text(encoding="utf-8")
    (stage / "guides.md").write_text(intro + "\n" + "\n".join(lines) + "\n\n" + contents(pages), encoding="utf-8")


def lay_out(root, stage, site):
    shutil.rmtree(stage, ignore_errors=True)
    (stage / "figures").mkdir(parents=True)
    staging.copy_pages(root, stage)
    write_gallery(root, stage, site / "figures")
    write_results(root, stage)
    write_guides(root, stage)
    api.write_page(root, stage)
    shutil.copyfile(HERE / "index.md", stage / "index.md")


def offer_sheets(page, files):
    """Puts links to the printed sheets under the title of the page."""
    names = {".html": "One A4 page", ".pdf": "PDF"}
    buttons = " ".join(f'<a class="sd-btn sd-btn-outline-primary" href="../{file}">{names[file[file.rindex("."):]]}</a>' for file in files)
    title, text = page.read_text(encoding="utf-8").split("\n", 1)
    page.write_text(f"{title}\n\n<p>{buttons}</p>\n{text}", encoding="utf-8")


def sphinx(stage, site):
    """Warnings are faults: a link that leads nowhere is one."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "2", "-b", "html", "-c", str(HERE), "-d", str(stage.with_name("site-doctrees")), str(stage), str(site)]
    return subprocess.run(command, env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1")).returncode == 0


def plotly_of(python):
    """The one copy of Plotly that all pages share."""
    folder = subprocess.run([python, "-c", "import plotly; print(plotly.__path__[0])"], capture_output=True, text=True, check=True).stdout.strip()
    return pathlib.Path(folder) / "package_data/plotly.min.js"


def main():
    root, python = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    stage, site = root / "build/site-source", root / "build/site"
    shutil.rmtree(site, ignore_errors=True)
    lay_out(root, stage, site)
    with api.begin(root, site / "api") as documentation:
        sheets = cheat_sheet.write(root / "docs/cheat-sheet.md", site, HERE / "cheat-sheet.css")
        offer_sheets(stage / "docs/cheat-sheet.md", sheets)
        fine = sphinx(stage, site)
        shutil.copyfile(plotly_of(python), site / "_static/plotly.min.js")
        fine = api.ended(documentation, site / "api") and fine
    if fine:
        api_links.link_pages(site)
    # a template that the theme leaves among its files
    (site / "_static/webpack-macros.html").unlink(missing_ok=True)
    fine = check_site.check(site) and fine
    if fine:
        print(f"The site is ready: {site.relative_to(root)}/index.html")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
