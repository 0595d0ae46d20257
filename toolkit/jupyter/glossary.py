"""Whether every class and method that docs/glossary.md and docs/papers.md name exists, and no term is explained twice.

Usage: glossary.py ROOT        prints the faults; exits with 0 if there are none
"""

import pathlib
import re
import sys

# | symbol | name | what it is | class or method | notebook |
COLUMNS = 5
NAME = re.compile(r"`([^`]*)`")
# declared at the beginning of a line: modifiers, a type, the name, an opening bracket
METHOD = r"^[ \t]+(?:@\w+[ \t]+)*(?!return\b|new\b|else\b|throw\b)(?:[\w.<>\[\],?]+[ \t]+)+{}[ \t]*\("


def rows(text):
    """The cells of every row of the tables, without their heads."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and cells[0] != "symbol" and not set(line) <= set("|-: "):
            yield cells


def without_comments(source):
    return re.sub(r"//[^\n]*", "", re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL))


def components(source, class_name):
    """The names of a record's components; of anything else none."""
    header = re.search(rf"\brecord {class_name}\b[^(]*\((.*?)\)\s*(?:implements\b[^{{]*)?{{", source, re.DOTALL)
    return re.findall(r"(\w+)\s*(?:,|$)", re.sub(r"<[^>]*>", "", header.group(1))) if header else []


def declares(source, class_name, member):
    """Whether the source of a class has a method or a component of this name."""
    source = without_comments(source)
    return member in components(source, class_name) or re.search(METHOD.format(re.escape(member)), source, re.MULTILINE) is not None


def unknown(names, sources):
    """Which of these names, Class or Class.method, are in no source."""
    for name in names:
        class_name, _, member = name.partition(".")
        if class_name not in sources:
            yield f"there is no class {class_name}"
        elif member and not declares(sources[class_name], class_name, member):
            yield f"{class_name} has no method {member}"


def faults(text, sources):
    """Faults of a glossary; sources are the texts of all classes by name."""
    meanings = set()
    for cells in rows(text):
        if len(cells) != COLUMNS:
            yield f"a row of {len(cells)} cells, not {COLUMNS}: {' | '.join(cells)[:60]}"
            continue
        symbol, term, meaning, code, _ = cells
        if not term or not meaning.endswith("."):
            yield f"'{term or symbol}' needs a name and a sentence that says what it is"
        if (symbol, term) in meanings:
            yield f"'{term}' is explained twice"
        meanings.add((symbol, term))
        names = NAME.findall(code)
        if not names:
            yield f"'{term}' names no class"
        yield from (f"'{term}': {fault}" for fault in unknown(names, sources))


def java_sources(root):
    return {file.stem: file.read_text() for file in root.glob("toolkit/*/src/main/java/**/*.java")}


def sees_every_kind():
    """Whether a glossary with one fault of every kind has all of them found, and a good one none."""
    sources = {"Ess": "/** fake() */ public record Ess(int n, double value) implements Findings {\n    public boolean reliable() { return other(1); }\n}"}
    good = "| symbol | name | what it is | class or method | notebook |\n|---|---|---|---|---|\n| p(a\\|s) | size | How large it is. | `Ess.n`, `Ess.reliable` | |"
    bad = {"| a | two | cells |": "a row of 3 cells", "| a | b | no sentence | `Ess` | |": "needs a name and a sentence",
           "| a | b | A. | `Ess` | |\n| a | b | B. | `Ess` | |": "explained twice", "| a | b | A. | | |": "names no class",
           "| a | b | A. | `Nowhere` | |": "no class Nowhere", "| a | b | A. | `Ess.fake` | |": "no method fake", "| a | b | A. | `Ess.other` | |": "no method other"}
    missed = list(faults(good, sources)) + [kind for text, kind in bad.items() if kind not in "\n".join(faults(text, sources))]
    if missed:
        print("the checker of the glossary itself: " + "; ".join(missed))
    return not missed


def check(root):
    """Prints the faults; returns whether there are none."""
    sources = java_sources(root)
    found = [f"docs/glossary.md, {fault}" for fault in faults((root / "docs/glossary.md").read_text(), sources)]
    found += [f"docs/papers.md, {fault}" for fault in unknown(NAME.findall((root / "docs/papers.md").read_text()), sources)]
    for fault in found:
        print(fault)
    return sees_every_kind() and not found


if __name__ == "__main__":
    sys.exit(0 if check(pathlib.Path(sys.argv[1])) else 1)
