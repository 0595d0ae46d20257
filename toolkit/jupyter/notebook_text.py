"""What can be checked by machine of the text of the notebooks and pages, in a second and without a kernel.

Every notebook: links lead to files and headings, no stored error, no promise of the same digits on any machine, no path of one machine, prose before every code cell, no code that is cut at
1280 pixels, source of the toolkit that is shown as it stands now, a first cell that states what is needed and how long it takes, and every decimal number in prose is in an output or a setting of the same notebook, or allowed below
with its source.

Usage: notebook_text.py ROOT        exit 1 and one line per fault
"""

import json
import pathlib
import re
import sys

# numbers of papers, by notebook: no output can carry them
ALLOWED = {
    "00-quickstart": {"0.05": "reward of HalfCheetah velocity (PEARL)"},
    "01-task-sets": {"0.05": "reward of HalfCheetah velocity (PEARL)", "0.008": "time step of later hoppers"},
    "03-importance-weights": {"4.55": "README of the Open Bandit Pipeline", "0.23": "version of ArviZ", "0.05": "reward"},
    "05-rl2-bandits": {"156.2": "RL², table 2"},
    "06-maml-navigation": {"0.01": "trust region of MAML's release", "0.02": "trust region of Maml.navigation()"},
    "meta-q-learning": {"0.05": "an example in a question", "0.95": "an example in a question"},
}

# of code, in JupyterLab beside its list of files
COLUMNS = 104

PROMISES = re.compile(r"your (numbers|results|digits|outputs?) (should|will|must)|you (should|will) (see|get) exactly|exactly these|the same (numbers|digits) (on|for) (every|any|all)|same numbers everywhere",
                      re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?:^|[\s\"'`(=:])(/(?:home|root|tmp|work|Users|usr|var|opt|mnt|private)/[\w.-]+|[A-Z]:\\\\?[\w.-]+)")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
LISTING = re.compile(r'Listing\.of\("([\w.]+)"')
RESOURCE = re.compile(r'(\w+)\.class\.getResourceAsStream\("([\w.]+)"\)')
NUMBER = re.compile(r"(?<![\w.,])[−-]?\d[\d,]*\.\d+(?:[eE][+-]?\d+)?(?![\w.]*\w)")
ANY_NUMBER = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?")


def prose(markdown):
    """Without code, link targets and tags."""
    text = re.sub(r"```.*?```", " ", markdown, flags=re.DOTALL)
    text = re.sub(r"`[^`]*`", " ", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.sub(r"<[^>]+>", " ", text)


def value(number):
    return float(number.replace("−", "-").replace(",", ""))


def numbers(text):
    return [value(n) for n in ANY_NUMBER.findall(text)]


def carried(number, known):
    """Whether a known number rounds to this one; a sign may be put into words."""
    places = len(number.split(".")[1]) if "e" not in number.lower() else 12
    wanted = abs(value(number))
    return any(abs(abs(k) - wanted) <= 0.5 * 10 ** -places + 1e-12 for k in known)


def texts_of(output):
    if output["output_type"] == "stream":
        return "".join(output["text"])
    data = output.get("data", {})
    return "\n".join("".join(data[kind]) for kind in ("text/plain", "text/html") if kind in data and "data:image" not in "".join(data[kind]))


def anchors(text, suffix):
    """The names of the headings of a page or notebook, by the rule of GitHub and of the site."""
    if suffix == ".ipynb":
        text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown")
    titles = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", " ", text, flags=re.DOTALL), re.MULTILINE)
    return [re.sub(r"[^\w -]", "", re.sub(r"\]\([^)]*\)", "", title).strip().lower()).replace(" ", "-") for title in titles]


def links(text, folder, root):
    """Faults of the links of a Markdown text that lies in a folder."""
    for target in LINK.findall(re.sub(r"```.*?```|`[^`]*`", " ", text, flags=re.DOTALL)):
        if re.match(r"https?://|attachment:", target):
            continue
        file, _, anchor = target.partition("#")
        path = folder / file
        if anchor and anchor not in anchors(path.read_text(encoding="utf-8") if file and path.is_file() else text, path.suffix):
            yield f"the link to {target} leads to no heading"
        elif not file:
            continue
        elif target.startswith(("/", "file:")) or not path.resolve().is_relative_to(root):
            yield f"the link to {target} leaves the project"
        elif not path.exists():
            yield f"the link to {target} leads to no file"
        elif path.is_dir():
            yield f"the link to {target} leads to a folder, which JupyterLab does not open"


def plain_lines(text):
    """Without indentation and empty lines, so that a part of a file can be found in it."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def listed(cell, root):
    """Faults of a cell that shows the toolkit's own source: what is stored must be what stands in the source now."""
    for type_name in LISTING.findall("".join(cell["source"])):
        path = "metarl/" + type_name.removeprefix("metarl.").replace(".", "/") + ".java"
        files = [f for f in root.glob("toolkit/*/src/main/java") if (f / path).exists()]
        if not files:
            yield f"there is no class {type_name}"
            continue
        source = plain_lines((files[0] / path).read_text())
        stored = "".join(texts_of(output) for output in cell["outputs"])
        if not stored.strip():
            yield f"the lines of {type_name} are not stored: run the notebook with --save"
            continue
        # methods are shown one after the other, each as it stands
        for method in re.split(r"\n\n(?=\S)", stored.strip()):
            yield from (f"a line of {len(line)} columns in {type_name}; a window of 1280 pixels shows {COLUMNS}: {line.strip()[:40]}…"
                        for line in method.splitlines() if len(line) > COLUMNS)
            if plain_lines(method) not in source:
                yield f"the lines of {type_name} have changed since: run the notebook again with --save: {method.splitlines()[0][:60]}"
    for type_name, name in RESOURCE.findall("".join(cell["source"])):
        stored = plain_lines("".join(texts_of(output) for output in cell["outputs"]))
        if not any(stored in plain_lines(f.read_text()) for f in root.glob(f"toolkit/*/src/main/**/{name}")):
            yield f"the lines of {name}, beside {type_name}, have changed since: run the notebook again with --save"


def faults(notebook, name, folder, root):
    """All faults of a parsed notebook, each with the number of its cell."""
    cells = notebook["cells"]
    outputs, settings = [], []
    for cell in cells:
        if cell["cell_type"] == "code":
            settings += numbers("".join(cell["source"]))
            for output in cell["outputs"]:
                outputs += numbers(texts_of(output)) if output["output_type"] != "error" else []
    allowed = [value(n) for n in ALLOWED.get(name, {})]
    for index, cell in enumerate(cells):
        source = "".join(cell["source"])
        where = f"cell {index}: "
        if cell["cell_type"] == "markdown":
            text = prose(source)
            yield from (where + fault for fault in links(source, folder, root))
            for promise in PROMISES.finditer(text):
                yield where + f"'{promise.group()}' promises what holds on one machine"
            for number in NUMBER.findall(text):
                if not carried(number, outputs + settings + allowed):
                    yield where + f"{number} is in no output and no setting of this notebook"
        else:
            yield from (where + fault for fault in listed(cell, root))
            if index == 0 or cells[index - 1]["cell_type"] != "markdown":
                yield where + "no prose before this code"
            for line in source.splitlines():
                if len(line) > COLUMNS:
                    yield where + f"a line of {len(line)} columns; a window of 1280 pixels shows {COLUMNS}: {line[:40]}…"
            for output in cell["outputs"]:
                if output["output_type"] == "error" or output.get("name") == "stderr":
                    yield where + "a stored error: " + (output.get("evalue") or texts_of(output))[:100]
            for output, after in zip(cell["outputs"], cell["outputs"][1:]):
                if output["output_type"] == after["output_type"] == "stream" and not texts_of(output).endswith("\n"):
                    yield where + f"a line stored in pieces, which a page shows one below the other: {texts_of(output)[:40]}"
        for text in [source] + [texts_of(o) for o in cell.get("outputs", []) if o["output_type"] != "error"]:
            yield from (where + f"{path} is a path of one machine" for path in MACHINE_PATH.findall(text))
    first = "".join(cells[0]["source"])
    yield from (f"cell 0: no '{word}'" for word in ("**Needs.**", "**Time.**") if word not in first)


def of_notebook(path, root):
    return list(faults(json.loads(path.read_text()), path.stem, path.parent, root))


def of_page(path, root):
    text = path.read_text()
    found = list(links(text, path.parent, root))
    return found + [f"'{p.group()}' promises what holds on one machine" for p in PROMISES.finditer(prose(text))]


def sees_every_kind(root):
    """Whether a notebook with one fault of every kind has all of them found, and a good one none."""
    def code(source, outputs=()):
        return {"cell_type": "code", "source": source, "outputs": list(outputs)}

    def markdown(source):
        return {"cell_type": "markdown", "source": source}

    table = {"output_type": "execute_result", "data": {"text/plain": "mean  -0.598\nESS  1,652"}}
    head = "# A title: one\n**Needs.** Nothing. **Time.** A second. [this](notebook_text.py) [paper](https://example.org/1) [up](#a-title-one) [start](../../README.md#start)"
    good = [markdown(head), code("double alpha = 0.25;", [table]), markdown("A bias of −0.60 at 0.25, and `0.77` in code."), code("1")]
    bad = [markdown("[a](no-such-file.md) [b](/etc) [c](.) [d](#none) [e](../../README.md#none) So your numbers should be these: 0.61, by 7.25."), code("/home/me/x"), code("2 /* " + "long " * 30 + "*/", [
        {"output_type": "error", "ename": "E", "evalue": "it broke"}, {"output_type": "stream", "name": "stderr", "text": "a warning"},
        {"output_type": "stream", "name": "stdout", "text": "half a "}, {"output_type": "stream", "name": "stdout", "text": "line\n"}]),
           markdown(""), code('Listing.of("notebook.Nowhere") + Listing.of("notebook.Kernel")'), code('Listing.of("notebook.Imports", "lines")', [{"output_type": "execute_result", "data": {"text/plain": "int changed;" + " " * 100 + "//"}}]),
           code('CausalStack.class.getResourceAsStream("operations.torchscript")', [{"output_type": "stream", "name": "stdout", "text": "def changed()\n"}])]
    found = "\n".join(faults({"cells": bad}, "bad", root / "toolkit/jupyter", root))
    kinds = ["no-such-file.md leads to no file", "to #none leads to no heading", "README.md#none leads to no heading", "/etc leaves", "leads to a folder", "your numbers should", "0.61 is in no output", "7.25 is in no output", "/home/me is a path",
             "no prose", "it broke", "a warning", "in pieces", "columns", "no class notebook.Nowhere", "the lines of notebook.Kernel are not stored", "the lines of notebook.Imports have changed", "columns in notebook.Imports", "the lines of operations.torchscript, beside CausalStack, have changed", "**Needs.**", "**Time.**"]
    missed = [kind for kind in kinds if kind not in found] + list(faults({"cells": good}, "good", root / "toolkit/jupyter", root))
    if missed:
        print("the checker itself: " + "; ".join(missed))
    return not missed


def check(root):
    """Prints the faults; returns whether there are none."""
    root = root.resolve()
    sound = sees_every_kind(root)
    pages = [root / "README.md", *sorted((root / "docs").glob("*.md")), *sorted((root / "models").glob("*.md")), *sorted((root / "experiments").glob("**/*.md"))]
    # JupyterLab leaves copies of what is opened in it
    pages = [page for page in pages if ".ipynb_checkpoints" not in page.parts]
    for path, read in [(p, of_notebook) for folder in ("notebooks", "homework") for p in sorted((root / folder).glob("*.ipynb"))] + [(p, of_page) for p in pages]:
        for fault in read(path, root):
            print(f"{path.relative_to(root)}, {fault}")
            sound = False
    return sound


if __name__ == "__main__":
    sys.exit(0 if check(pathlib.Path(sys.argv[1])) else 1)
