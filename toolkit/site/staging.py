"""Lays out what Sphinx reads: pages and notebooks as they lie in the project, so that their links hold, and the figures of the notebooks as files.

A figure is a picture that becomes interactive when it is pointed at; only then are its data and Plotly loaded.
"""

import base64
import html
import json
import re
import shutil
import struct

import nbformat

PAGES = ("README.md", "CITATION.cff", "CONTRIBUTING.md", "CHANGELOG.md", "CODE_OF_CONDUCT.md", "docs/*", "models/README.md", "experiments/*/*.md", "experiments/*/results/*", "examples/*/*")
# shown as pages of their own where a page links to them
SOURCES = re.compile(r"\]\(([^)\s]+\.(java|jsh|py))\)")
# pieces that scripts put into the pages beside them
PIECES = re.compile(r"(^|-)reading(-\w+)?\.md$")
PLOTLY = "application/vnd.plotly.v1+json"
# what stands for a picture that nobody has described
SIZE = re.compile(r"\d+ × \d+ picture")
DATA_URI = re.compile(r'src="data:image/(\w+);base64,([^"]+)"')


def copy_pages(root, stage):
    for pattern in PAGES:
        for path in sorted(root.glob(pattern)):
            if path.is_file() and not PIECES.search(path.name):
                target = stage / path.relative_to(root)
                target.parent.mkdir(parents=True, exist_ok=True)
                if path.suffix == ".md":
                    target.write_text(with_sources(path.read_text(encoding="utf-8"), path.parent, root, stage), encoding="utf-8")
                else:
                    shutil.copyfile(path, target)


def with_sources(text, folder, root, stage):
    """A text whose links to sources lead to pages, which are written here."""
    for link, kind in SOURCES.findall(text):
        path = (folder / link).resolve()
        if path.is_relative_to(root) and path.is_file():
            page = stage / f"{path.relative_to(root)}.md"
            page.parent.mkdir(parents=True, exist_ok=True)
            language = "python" if kind == "py" else "java"
            page.write_text(f"---\norphan: true\n---\n\n# {path.name}\n\n`{path.relative_to(root)}`\n\n~~~~{language}\n{path.read_text(encoding='utf-8')}~~~~\n",
                            encoding="utf-8")
    return SOURCES.sub(r"](\1.md)", text)


class Figures:
    """The figures of one notebook, written as files that its page refers to."""

    def __init__(self, name, folder):
        self.name, self.folder, self.count = name, folder, 0
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, content, kind):
        self.count += 1
        file = f"{self.name}-{self.count}.{kind}"
        (self.folder / file).write_bytes(base64.b64decode(content))
        return file

    def picture(self, output, heading):
        """HTML of a picture, and of a chart that can be pointed at."""
        data = output.data
        file = self.write(data["image/png"], "png")
        width, height = struct.unpack(">II", (self.folder / file).read_bytes()[16:24])
        text = output.metadata.get("image/png", {}).get("alt") or data.get("text/plain", "")
        alt = html.escape(f"Picture: {heading}" if not text or SIZE.fullmatch(text) else text)
        image = f'<img src="../figures/{file}" alt="{alt}" width="{width}" height="{height}" loading="lazy">'
        chart = data.get(PLOTLY)
        if chart is None:
            return f'<figure class="picture">{image}</figure>'
        # the page decides the width
        chart["layout"].pop("width", None)
        chart["layout"]["autosize"] = True
        text = json.dumps({"data": chart["data"], "layout": chart["layout"]}, ensure_ascii=False, separators=(",", ":"))
        (self.folder / file).with_suffix(".js").write_text(f'metarlFigure("{file[:-4]}",{text})\n', encoding="utf-8")
        return f'<figure class="chart" data-figure="{file[:-4]}" tabindex="0">{image}</figure>'

    def moving(self, text):
        """HTML with its pictures as files."""
        return DATA_URI.sub(lambda found: f'loading="lazy" src="../figures/{self.write(found[2], found[1])}"', text)


def stage_notebook(path, root, stage, folder):
    """Lays out a notebook, and its figures in a folder of the site."""
    notebook = nbformat.read(path, 4)
    notebook.metadata.language_info = {"name": "java", "pygments_lexer": "java"}
    figures, heading = Figures(path.stem, folder), path.stem
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            titles = re.findall(r"^#+ (.+)$", cell.source, re.MULTILINE)
            heading = titles[-1] if titles else heading
            cell.source = with_sources(cell.source, path.parent, root, stage)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                output.data = {"text/html": figures.picture(output, heading)}
            elif "text/html" in data:
                text = figures.moving(data["text/html"])
                output.data = {"text/html": f'<div class="output-table">{text}</div>' if "<table" in text else text}
    (stage / "notebooks").mkdir(exist_ok=True)
    nbformat.write(notebook, stage / "notebooks" / path.name)


def card(path, folder, chosen):
    """Title, question and thumbnail of a notebook."""
    first = nbformat.read(path, 4).cells[0].source
    title = re.search(r"^# (.+)$", first, re.MULTILINE).group(1)
    question = re.search(r"\*\*Question\.\*\*\s*(.+?)\n\n", first, re.DOTALL).group(1)
    pictures = sorted(folder.glob(f"{path.stem}-*.png"), key=lambda file: int(file.stem.split("-")[-1]))
    picture = pictures[min(chosen.get(path.stem, 1), len(pictures)) - 1]
    return title, " ".join(re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", question).split()), picture.name
