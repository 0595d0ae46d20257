"""Sets homework and grades it, with nbgrader.

Usage: homework.py make ROOT FOLDER        writes FOLDER/source, FOLDER/release and nbgrader's settings
       homework.py grade ROOT FOLDER [--seconds N]    grades FOLDER/submitted/STUDENT/ASSIGNMENT, and writes grades.csv
       homework.py feedback ROOT FOLDER    writes FOLDER/feedback/STUDENT/ASSIGNMENT as HTML
"""

import argparse
import concurrent.futures
import csv
import logging
import multiprocessing
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time
import warnings

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from nbgrader.utils import is_grade, is_locked, is_solution
from sqlalchemy.exc import SAWarning
from traitlets.config import Config, PyFileConfigLoader

import homework_kernel
import run_notebooks

# nbgrader makes what it stores in an order that its database does not like
warnings.filterwarnings("ignore", category=SAWarning)

# submissions at a time: each has a JVM
SIDE_BY_SIDE = 2
# that one task of a submission may take
SECONDS = 30
SETTINGS = '''"""nbgrader's settings for metarl; they hold for its own commands in this folder, too."""
import pathlib

c = get_config()
c.CourseDirectory.course_id = "metarl"
c.CourseDirectory.root = str(pathlib.Path(__file__).resolve().parent)
# what stands for a solution in the students' version; Check counts it as not yet written
c.ClearSolutions.code_stub = {"java": 'throw new UnsupportedOperationException("your code here");'}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"
c.Execute.timeout = 60
c.Execute.startup_timeout = 120
# late work is marked by the teacher, not by a rule
c.AssignLatePenalties.enabled = False
'''
# what no answer needs, and what would stand in the place of the tests
UNUSUAL = re.compile(r"System\.exit|Runtime|ProcessBuilder|ProcessHandle|\bFiles?\b|\bPaths?\b|\bProject\b|FileReader|FileInputStream|RandomAccessFile|Scanner|Socket|HttpClient|\bURL\b|\bURI\b"
                     r"|\bThread\b|reflect|Class\.forName|getDeclared\w+|setAccessible|Unsafe|ClassLoader|MethodHandles|jshell|getProperty|(?:class|record|interface|enum)\s+(?:Check|metarl)\b")


def settings(folder):
    """The teacher's settings of a course."""
    path = folder / "nbgrader_config.py"
    if not path.exists():
        raise SystemExit(f"{folder} has no nbgrader_config.py; expected a folder made by: ./metarl homework make {folder}")
    config = Config(PyFileConfigLoader(path.name, path=str(folder)).load_config())
    config.CourseDirectory.root = str(folder)
    return config


def course(folder, config=None):
    """nbgrader's commands on a course; what they say is kept for when they fail."""
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    config = config or settings(folder)
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def gradebook(folder):
    directory = CourseDirectory(config=settings(folder))
    return Gradebook(directory.db_url, directory.course_id)


def done(result, what):
    """Ends this program with what nbgrader said if it could not do it."""
    if not result["success"]:
        raise SystemExit(f"{what} failed; nbgrader says:\n{result.get('error') or ''}\n{result.get('log') or ''}")


# --- make ---

def leaks(cells):
    """What a student's version must not hold."""
    text = "\n".join(cell.source for cell in cells)
    return [mark for mark in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS") if mark in text]


def make(root, folder):
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "nbgrader_config.py"
    if not config.exists():
        config.write_text(SETTINGS, encoding="utf-8")
    for path in sorted((root / "homework").glob("*.ipynb")):
        source = folder / "source" / path.stem / path.name
        # the teacher's own version stays
        if not source.exists():
            source.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, source)
    api = course(folder)
    for name in sorted(path.name for path in (folder / "source").iterdir() if path.is_dir()):
        done(api.generate_assignment(name, force=True), f"making the students' version of {name}")
        for released in sorted((folder / "release" / name).glob("*.ipynb")):
            found = leaks(nbformat.read(released, 4).cells)
            if found:
                released.unlink()
                raise SystemExit(f"{released} would show the students '{found[0]}'; check the marks in {folder / 'source' / name}")
            print(f"for the students: {released}")
    print(f"\nHand out the notebooks in {folder / 'release'}. Put what comes back into {folder / 'submitted'}/STUDENT/ASSIGNMENT/, then: ./metarl homework grade {folder}")


# --- grade ---

class Graded(Execute):
    """In the place of nbgrader's execution: a kernel that sees none of the course's files, and a notebook that comes to its end whatever happens."""

    def preprocess(self, nb, resources, km=None):
        with tempfile.TemporaryDirectory(prefix="homework-") as place:
            homework_kernel.execute(nb, self.config.Homework.root, pathlib.Path(place), self.config.Homework.seconds)
        return nb, resources


def task_of(notebook, index):
    """The heading a cell stands under."""
    for cell in reversed(notebook.cells[:index]):
        heading = re.match(r"#+ *(.+)", cell.source) if cell.cell_type == "markdown" else None
        if heading:
            return heading.group(1)
    return f"cell {index}"


def remarks_on(notebook):
    """What a teacher should look at in a graded notebook."""
    found = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        found += [f"{task_of(notebook, index)}: {output.evalue}" for output in cell.outputs
                  if output.output_type == "error" and output.ename in homework_kernel.OWN_ERRORS and output.evalue != homework_kernel.NOT_RUN]
        if not is_locked(cell):
            words = ", ".join(dict.fromkeys(UNUSUAL.findall(cell.source)))
            found += [f"{task_of(notebook, index)}: uses {words}"] if words else []
    return list(dict.fromkeys(found))


def grade_one(root, folder, assignment, student, seconds):
    """Grades one submission, in a process of its own; returns what to look at, and the seconds it took."""
    begin = time.time()
    return run_tests(root, folder, assignment, student, seconds), time.time() - begin


def run_tests(root, folder, assignment, student, seconds):
    config = settings(folder)
    config.Homework.root, config.Homework.seconds = str(root), seconds
    config.Autograde.autograde_preprocessors = [Graded if step is Execute else step for step in Autograde.autograde_preprocessors.default_args[0]]
    place = folder / "submitted" / student / assignment
    with gradebook(folder) as book:
        expected = [f"{notebook.name}.ipynb" for notebook in book.find_assignment(assignment).notebooks]
    missing = [f"{name} is missing (there is {', '.join(sorted(path.name for path in place.glob('*.ipynb')))})" for name in expected if not (place / name).exists()]
    damaged = [fault for fault in (run_notebooks.read(place / name)[1] for name in expected if (place / name).exists()) if fault]
    if damaged or len(missing) == len(expected):
        give_nothing(folder, assignment, student, set())
        return missing + [fault.replace(f"{place}/", "") for fault in damaged]
    result = course(folder, config).autograde(assignment, student, force=True)
    if not result["success"]:
        give_nothing(folder, assignment, student, set())
        return ["could not be graded: " + ((result.get("error") or result.get("log") or "").strip().splitlines() or ["nbgrader gave no reason"])[-1]]
    notebooks = [nbformat.read(path, 4) for path in sorted((folder / "autograded" / student / assignment).glob("*.ipynb"))]
    kept = {cell.metadata.nbgrader.grade_id for notebook in notebooks for cell in notebook.cells if is_grade(cell)}
    return missing + [remark for notebook in notebooks for remark in remarks_on(notebook)] + [f"the cell {name} is missing" for name in give_nothing(folder, assignment, student, kept)]


def give_nothing(folder, assignment, student, kept):
    """No points for the cells that are not among these, whatever an earlier submission earned; returns their names."""
    lost = []
    with gradebook(folder) as book:
        for notebook in book.update_or_create_submission(assignment, student).notebooks:
            for grade in notebook.grades:
                if grade.cell.name not in kept:
                    grade.auto_score, grade.needs_manual_grade = 0, False
                    lost.append(grade.cell.name)
        book.db.commit()
    return lost


def submissions(folder):
    """Student and assignment of all that came in."""
    found = sorted((path.parent.parent.name, path.parent.name) for path in (folder / "submitted").glob("*/*/*.ipynb"))
    if not found:
        raise SystemExit(f"there are no submissions in {folder / 'submitted'}; expected notebooks as {folder / 'submitted'}/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb")
    return list(dict.fromkeys(found))


def row_of(book, student, assignment, remarks):
    """Points by the tests and by hand, what could be had, and what is still to be read."""
    grades = [grade for notebook in book.find_submission(assignment, student).notebooks for grade in notebook.grades]
    score = sum(grade.manual_score if grade.manual_score is not None else grade.auto_score or 0 for grade in grades)
    # a cell that was left as it is needs no reading
    waiting = sum(grade.max_score for grade in grades if grade.manual_score is None and grade.auto_score is None)
    return {"student": student, "assignment": assignment, "points": round(score, 2), "of": sum(grade.max_score for grade in grades),
            "to read": waiting, "look at": "; ".join(remarks)}


def table(rows):
    columns = list(rows[0])
    texts = [columns] + [[f"{row[c]:g}" if isinstance(row[c], float) else str(row[c]) for c in columns] for row in rows]
    widths = [max(len(text[i]) for text in texts) for i in range(len(columns))]
    return "\n".join("  ".join(text[i].rjust(widths[i]) if isinstance(rows[0][columns[i]], float) else text[i].ljust(widths[i]) for i in range(len(columns))).rstrip()
                     for text in texts)


def grade(root, folder, seconds):
    # first of all, so that a folder that is no course is told by name
    settings(folder)
    pairs = submissions(folder)
    with gradebook(folder) as book:
        known = {assignment.name for assignment in book.assignments}
        # two processes would make the same student twice
        for student in sorted({student for student, _ in pairs}):
            book.update_or_create_student(student)
    unknown = [f"{student}/{name}" for student, name in pairs if name not in known]
    for name in unknown:
        print(f"{folder / 'submitted' / name} is left out: there is no assignment of that name; there are {', '.join(sorted(known)) or 'none'}")
    pairs = [pair for pair in pairs if pair[1] in known]
    remarks = {}
    with concurrent.futures.ProcessPoolExecutor(SIDE_BY_SIDE, mp_context=multiprocessing.get_context("spawn")) as pool:
        jobs = {pool.submit(grade_one, root, folder, assignment, student, seconds): (student, assignment) for student, assignment in pairs}
        try:
            for job in concurrent.futures.as_completed(jobs):
                remarks[jobs[job]], took = job.result()
                print(f"[{len(remarks)}/{len(jobs)}] {'/'.join(jobs[job])}: {took:.0f} s", flush=True)
        except KeyboardInterrupt:
            # those that have not begun would be, before this ends
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    with gradebook(folder) as book:
        rows = [row_of(book, *pair, remarks[pair]) for pair in pairs]
    if not rows:
        raise SystemExit("nothing was graded")
    with open(folder / "grades.csv", "w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    print(f"\n{table(rows)}\n\nThis table is in {folder / 'grades.csv'}.")


# --- feedback ---

def feedback(folder):
    settings(folder)
    graded = sorted(path for path in (folder / "autograded").glob("*/*") if path.is_dir())
    if not graded:
        raise SystemExit(f"nothing is graded in {folder}; first: ./metarl homework grade {folder}")
    api = course(folder)
    for path in graded:
        done(api.generate_feedback(path.name, path.parent.name, force=True), f"the feedback of {path.parent.name} on {path.name}")
        for page in sorted((folder / "feedback" / path.parent.name / path.name).glob("*.html")):
            print(page)


def main():
    parser = argparse.ArgumentParser(prog="./metarl homework")
    parser.add_argument("verb", choices=["make", "grade", "feedback"])
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    options = parser.parse_args()
    root, folder = options.root.resolve(), options.folder.resolve()
    # nbgrader calls alembic by its name
    os.environ["PATH"] = os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ.get("PATH", "")])
    if options.verb == "make":
        make(root, folder)
    elif options.verb == "grade":
        grade(root, folder, options.seconds)
    else:
        feedback(folder)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\ninterrupted")
