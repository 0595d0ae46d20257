"""What ./metarl test does after the Java tests: every notebook in fast mode, the site, the browser test, the checks of the scripts.

Usage: test_all.py ROOT        the last line is "N passed, N failed"; what was skipped stands above it
"""

import ast
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import browser_test
import glossary
import notebook_text
import run_notebooks

SECONDS_PER_NOTEBOOK = 240
# programs at a time on two cores: two of them mostly wait
SIDE_BY_SIDE = 3


def check_notebook_outputs(path):
    """Tutorials are committed with the outputs of a full run and without errors."""
    import nbformat
    cells = [c for c in nbformat.read(path, 4).cells if c.cell_type == "code"]
    errors = [c for c in cells if any(o.output_type == "error" for o in c.outputs)]
    with_output = [c for c in cells if c.outputs]
    if errors or 3 * len(with_output) < 2 * len(cells):
        print(f"{path.name}: {len(with_output)} of {len(cells)} code cells have stored outputs, {len(errors)} with an error")
        return False
    return True


def check_scripts(root):
    """Shell and Python sources are at least well formed; shellcheck reads the script where it is installed."""
    for source in [*(root / "toolkit/jupyter").glob("*.py"), *(root / "toolkit/site").glob("*.py")]:
        ast.parse(source.read_text(), str(source))
    scripts = [str(root / name) for name in ("metarl", ".ci/run", "binder/postBuild")]
    if shutil.which("shellcheck"):
        return subprocess.run(["shellcheck", *scripts]).returncode == 0
    return all(subprocess.run(["sh", "-n", script]).returncode == 0 for script in scripts)


def check_jshell(root):
    """A script that works exits with 0; one that throws exits with 1 and names the exception."""
    folder = root / "build"
    good, bad = folder / "good.jsh", folder / "bad.jsh"
    good.write_text('System.out.println("ESS " + ImportanceWeights.of(new double[] {1, 1, 1, 1}).ess().value());\n')
    bad.write_text("int x = 1;\nImportanceWeights.of(new double[] {1, -2});\n")
    fine = subprocess.run([str(root / "metarl"), "jshell", str(good)], capture_output=True, text=True)
    wrong = subprocess.run([str(root / "metarl"), "jshell", str(bad)], capture_output=True, text=True)
    ok = fine.returncode == 0 and "ESS 4.0" in fine.stdout and wrong.returncode == 1 and "weight 1 is -2.0" in wrong.stderr
    if not ok:
        print("jshell:", fine.returncode, fine.stdout, fine.stderr, wrong.returncode, wrong.stderr)
    return ok


def statements(page):
    """The Java code of a page, every statement with its semicolon; a line that is not indented begins a new one."""
    for block in re.findall(r"^```java\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        for statement in re.split(r"\n(?=\S)", re.sub(r" *//.*", "", block).strip()):
            yield statement if statement.endswith(";") else statement + ";"


def check_cheat_sheet(root):
    """The Java lines of the cheat sheet run, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "cheat-sheet.jsh"
        script.write_text("\n".join(statements(root / "docs/cheat-sheet.md")), encoding="utf-8")
        rows = "".join(f"{i % 3},{i % 2},{p},{q}\n" for i, (p, q) in enumerate([(0.5, 0.2), (0.3, 0.3), (0.2, 0.5)] * 100))
        (script.parent / "log.csv").write_text("action,reward,propensity,target_propensity\n" + rows)
        run = subprocess.run([str(root / "metarl"), "jshell", script.name, "--fast"], cwd=folder, capture_output=True, text=True)
        if run.returncode != 0 or not (script.parent / "curve.png").exists():
            print("cheat sheet:", run.returncode, run.stdout[-2000:], run.stderr[-2000:])
            return False
    return True


class Jobs:
    """Programs of the tests that do not mind each other, some at a time; what each says is kept until it is asked for. None outlives this process."""

    def __init__(self):
        self.pool = concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE)
        self.running = set()
        self.over = False

    def __enter__(self):
        run_notebooks.end_at_signals()
        return self

    def __exit__(self, *error):
        self.over = True
        self.pool.shutdown(wait=False, cancel_futures=True)
        for process in list(self.running):
            process.terminate()
        self.pool.shutdown()

    def begin(self, *command):
        return self.in_turn(command)[0]

    def in_turn(self, *commands):
        """Each begins when the one before it has ended."""
        results = [concurrent.futures.Future() for _ in commands]

        def run_all():
            for result, command in zip(results, commands):
                if self.over:
                    result.cancel()
                    continue
                try:
                    result.set_result(self.run([str(word) for word in command]))
                except Exception as error:
                    result.set_exception(error)
        self.pool.submit(run_all)
        return results

    def run(self, command):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            self.running.add(process)
            said = process.communicate()[0]
            self.running.discard(process)
        return process.returncode, said


def result_of(job, skipped=None):
    """Prints what a job said, and returns whether it went well, or None if it ended with the code of one that was skipped."""
    code, said = job.result()
    print(said, end="", flush=True)
    return None if code == skipped else code == 0


def run_side_by_side(root, with_mujoco, record):
    """All that starts kernels or builds pages: notebooks in fast mode and, beside them, what mostly waits."""
    with_sawyer = "METAWORLD_HOME" in os.environ or (pathlib.Path(sys.prefix) / "share/metaworld-3.1.1/LICENSE").exists()

    def possible(text):
        # the sample and the models are fetched by setup, where there is a network
        return with_mujoco and ("build/open-bandit" not in text or (root / "build/open-bandit/NOTICE").exists()) and ("Sawyer." not in text or with_sawyer)

    here = root / "toolkit/jupyter"
    paths = sorted((root / "notebooks").glob("*.ipynb"))
    with Jobs() as jobs:
        # homework installs nbgrader, which the lab would show
        in_browser = [(sys.executable, here / "browser_test.py", root, root / "notebooks/00-quickstart.ipynb")] if with_mujoco else []
        *browser, homework = jobs.in_turn(*in_browser, (sys.executable, here / "homework_test.py", root))
        site, setup, kernel = jobs.in_turn((root / "metarl", "site"), (sys.executable, here / "setup_test.py", root),
                                           (sys.executable, here / "kernel_test.py"))
        begun = {path: jobs.begin(sys.executable, here / "run_notebooks.py", root, path, "--fast", "--seconds", SECONDS_PER_NOTEBOOK)
                 for path in paths if possible(path.read_text())}
        for name, job in (("site", site), ("browser", *(browser or [None])), ("setup", setup), ("kernel", kernel), ("homework", homework)):
            print(f"== {name.capitalize()}", flush=True)
            record(name, result_of(job, browser_test.SKIPPED if name == "browser" else None) if job else None)
        print("== Notebooks, shortened", flush=True)
        for path in paths:
            record(path.name + " outputs", check_notebook_outputs(path))
            record(path.name, result_of(begun[path]) if path in begun else None)


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    passed, failed, skipped = [], [], []

    def record(name, result):
        (passed if result is True else skipped if result is None else failed).append(name)
        print(f"-- {name}: {'passed' if result is True else 'skipped' if result is None else 'FAILED'}\n", flush=True)

    print("== Scripts", flush=True)
    record("scripts", check_scripts(root))
    record("jshell", check_jshell(root))
    record("text of notebooks and pages", notebook_text.check(root))
    record("glossary", glossary.check(root))
    record("cheat sheet", check_cheat_sheet(root))
    # before any kernel starts, since it builds the jars that they read
    print("== Project", flush=True)
    record("project", subprocess.run([sys.executable, str(root / "toolkit/jupyter/project_test.py"), str(root)]).returncode == 0)
    with_mujoco = any((root / "toolkit/metarl/target/lib").glob("mujoco-java*.jar"))
    run_side_by_side(root, with_mujoco, record)
    if failed:
        print("failed: " + ", ".join(failed))
    if skipped:
        print("skipped: " + ", ".join(skipped))
    print(f"{len(passed)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
