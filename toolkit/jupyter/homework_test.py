"""Sets the homework, hands it in as seven students would, grades it, and compares the points.

Usage: homework_test.py ROOT        exit 0: all holds
"""

import csv
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import nbformat

# that one cell may take here
SECONDS = 20
# that one submission may take, on a machine that does other things, too
LONGEST = 150
METHOD = re.compile(r"^(double\[\]|double|long|int) \w+\([^{]*\{\n", re.MULTILINE)
REGION = re.compile(r"^ */// BEGIN SOLUTION\n(.*?)^ */// END SOLUTION\n", re.MULTILINE | re.DOTALL)
WRONG = {"double": "42.42", "double[]": "new double[] {42, 43, 44, 45, 46}", "long": "4242L", "int": "77"}
# an answer that is right if one of the places where a solution may lie can be read
SPY = """boolean spied() {
    var places = new ArrayList<Path>();
    for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent())
        for (String end : new String[] {"", "source/NAME", "release/NAME", "homework", "autograded/reader/NAME"})
            places.add(p.resolve(end).resolve("NAME.ipynb"));
    for (String path : new String[] {"homework/NAME.ipynb", "source/NAME/NAME.ipynb", "NAME.ipynb"})
        try {
            places.add(Path.of(Project.path(path)));
        } catch (IllegalArgumentException e) {
        }
    return places.stream().anyMatch(Files::isReadable);
}
"""


def check(name, holds, seen=""):
    print(f"   {'ok' if holds else 'NO'}  {name} {seen if not holds else ''}", flush=True)
    return bool(holds)


def metarl(root, *arguments):
    done = subprocess.run([str(root / "metarl"), "homework", *map(str, arguments)], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def instead(cell, line):
    """A cell whose solutions are replaced by one line, made of the type that is returned and of the solution."""
    types = iter(METHOD.findall(cell))
    return REGION.sub(lambda found: line(next(types), found.group(1)), cell)


def answer(student, task, name, solution, released):
    """What a student writes in place of a solution."""
    if student == "right" or student == "half" and task <= 2:
        return solution
    if student == "wrong":
        return instead(solution, lambda kind, body: f"    return {WRONG[kind]};\n")
    if student == "reader":
        spied = instead(solution, lambda kind, body: "    if (!spied()) throw new IllegalStateException(\"nothing was found\");\n" + body)
        return SPY.replace("NAME", name) + spied
    if task == 1 and student == "exit":
        return instead(solution, lambda kind, body: "    System.exit(0);\n" + body)
    if task == 1 and student == "endless":
        return instead(solution, lambda kind, body: "    while (true) Math.random();\n")
    return released


EXPECTED = {"right": 20, "half": 10, "wrong": 0, "empty": 0, "exit": 0, "endless": 0, "reader": 0}
REMARKS = {"exit": "the kernel ended", "endless": f"stopped after {SECONDS} s", "reader": "uses Path"}


def hand_in(course, name, student):
    source = nbformat.read(course / "source" / name / f"{name}.ipynb", 4)
    notebook = nbformat.read(course / "release" / name / f"{name}.ipynb", 4)
    task = 0
    for cell, solved in zip(notebook.cells, source.cells):
        if cell.cell_type == "code" and cell.metadata.nbgrader.solution:
            task += 1
            cell.source = answer(student, task, name, solved.source, cell.source)
        elif student == "right" and cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = "My judgement."
    path = course / "submitted" / student / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


def shows_nothing(course, name):
    """Whether the students' version has no line of a solution, of a hidden test, or of the marking, but for those that stand elsewhere, too."""
    released = "\n".join(cell.source for cell in nbformat.read(course / "release" / name / f"{name}.ipynb", 4).cells).splitlines()
    hidden, open_to_all = [], []
    for cell in nbformat.read(course / "source" / name / f"{name}.ipynb", 4).cells:
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
            hidden += cell.source.splitlines()
            continue
        parts = re.split(r"/// (?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS)\n", cell.source)
        open_to_all += [line for part in parts[0::2] for line in part.splitlines()]
        hidden += [line for part in parts[1::2] for line in part.splitlines()]
    shown = [line for line in hidden if line.strip() and line in released and line not in open_to_all]
    return check(f"{name}: the students' version shows no answer", len(hidden) > 20 and not shown and "BEGIN" not in "".join(released), shown)


def graded(course, names, said):
    with open(course / "grades.csv", newline="", encoding="utf-8") as file:
        rows = {(row["student"], row["assignment"]): row for row in csv.DictReader(file)}
    results = [check("every submission is in the table", len(rows) == len(names) * len(EXPECTED), f"{len(rows)} rows")]
    for name in names:
        for student, points in EXPECTED.items():
            row = rows.get((student, name), {})
            results.append(check(f"{name}: {student} gets {points} of 25", row and float(row["points"]) == points and float(row["of"]) == 25, row))
            if student in REMARKS:
                results.append(check(f"{name}: {student} is to be looked at", REMARKS[student] in row.get("look at", ""), row))
        results.append(check(f"{name}: what the first wrote in words is to be read", float(rows[("right", name)]["to read"]) == 5, rows[("right", name)]))
    times = {pair: int(seconds) for pair, seconds in re.findall(r"\] (\S+): (\d+) s", said)}
    late = {pair: seconds for pair, seconds in times.items() if seconds > LONGEST}
    results.append(check(f"each within {LONGEST} s", len(times) == len(rows) and not late, late))
    return results


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    place = pathlib.Path(tempfile.mkdtemp(prefix="metarl-homework-"))
    course = place / "a course"
    begin = time.time()
    try:
        code, said = metarl(root, "make", course)
        names = sorted(path.stem for path in (root / "homework").glob("*.ipynb"))
        results = [check("the homework is made", code == 0 and len(names) >= 3, said)]
        results += [shows_nothing(course, name) for name in names]
        results.append(check("no grades are handed out", not list((course / "release").rglob("*.db"))))
        for name in names:
            for student in EXPECTED:
                hand_in(course, name, student)
        code, said = metarl(root, "grade", course, "--seconds", SECONDS)
        print(said[said.find("student"):], flush=True)
        results.append(check("the grading comes to its end", code == 0, said))
        results += graded(course, names, said)
        code, said = metarl(root, "feedback", course)
        pages = list((course / "feedback").glob("*/*/*.html"))
        results.append(check("every submission gets a page of feedback", code == 0 and len(pages) == len(names) * len(EXPECTED), said[-500:]))
        code, said = metarl(root, "grade", place / "nowhere")
        results.append(check("a folder that is no course is named", code != 0 and "nbgrader_config.py" in said and "Traceback" not in said, said))
        print(f"   {time.time() - begin:.0f} s", flush=True)
        return 0 if all(results) else 1
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
