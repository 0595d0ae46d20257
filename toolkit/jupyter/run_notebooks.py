"""Executes notebooks in the kernel 'metarl' and writes .ipynb and .html to build/notebooks/.

Usage: run_notebooks.py ROOT [NOTEBOOK-OR-FOLDER ...] [--fast] [--save] [--seconds N]
"""

import argparse
import asyncio
import atexit
import json
import logging
import os
import pathlib
import re
import signal
import sys
import time
import warnings

import nbformat
import nbformat.validator
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert.preprocessors import CoalesceStreamsPreprocessor

from page import page_of

logging.getLogger("traitlets").setLevel(logging.WARNING)

# that one notebook may take
SECONDS = 900
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def heading(notebook, index):
    """The nearest heading above a cell."""
    for cell in reversed(notebook.cells[:index]):
        if cell.cell_type == "markdown":
            for line in reversed(cell.source.splitlines()):
                if line.startswith("#"):
                    return line.lstrip("# ")
    return ""


def source_of(cell):
    return "\n".join("    " + line for line in cell.source.splitlines())


def explain(notebook):
    """Prints source and message of the cell that failed."""
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                print(f"\nCode cell {number} failed:\n{source_of(cell)}")
                trace = COLOURS.sub("", "\n".join(output.traceback)) or output.evalue
                head = f"{output.ename}: {COLOURS.sub('', output.evalue)}"
                print("\n" + (trace if trace.startswith(head) else f"{head}\n{trace}"))


def summary(notebook):
    """The last text of the last cell tagged 'summary', or else the last table."""
    tagged = [cell for cell in notebook.cells if "summary" in cell.metadata.get("tags", [])]
    for cell in reversed(tagged or notebook.cells):
        for output in reversed(cell.get("outputs", [])):
            data = output.get("data", {})
            text = data.get("text/plain") or output.get("text")
            if text and (tagged or "<table" in data.get("text/html", "")):
                return text
    return None


def check_name(path):
    """Whether this is the name of a notebook that is there; otherwise says what is wrong."""
    if not path.exists():
        return f"there is no notebook {path}"
    if path.suffix != ".ipynb":
        return f"{path} is not a notebook (.ipynb)" + ("; a script is run by ./metarl jshell" if path.suffix == ".jsh" else "")
    return None


def read(path):
    """A notebook, or what is wrong with the file in one sentence."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as e:
        return None, f"{path} cannot be read: {e.strerror}"
    except UnicodeDecodeError:
        return None, f"{path} is not a notebook: it is not UTF-8 text"
    try:
        content = json.loads(text)
    except ValueError as e:
        return None, f"{path} is not a notebook: it is not JSON ({e})" if text.strip() else f"{path} is empty"
    if not isinstance(content, dict) or not isinstance(content.get("nbformat"), int):
        return None, f"{path} is not a notebook: it is JSON, but has no 'nbformat'"
    try:
        with warnings.catch_warnings():
            # that cells of older files have no id
            warnings.simplefilter("ignore")
            notebook = nbformat.validator.normalize(nbformat.reads(text, 4))[1]
            nbformat.validate(notebook)
    except Exception as e:
        return None, f"{path} is a damaged notebook: {str(e).splitlines()[0] if str(e) else type(e).__name__}"
    kernel = notebook.metadata.get("kernelspec", {})
    language = kernel.get("language") or notebook.metadata.get("language_info", {}).get("name") or "java"
    if language.lower() != "java":
        return None, f"{path} is written in {language} (kernel '{kernel.get('name', 'not named')}'); only notebooks in Java can be run here"
    return notebook, None


def kernel_of(notebook):
    """The one with Apache Spark where the notebook asks for it."""
    return "metarl-spark" if notebook.metadata.get("kernelspec", {}).get("name") == "metarl-spark" else "metarl"


def execute(notebook, path, out, seconds, log):
    """Executes one notebook in at most these seconds; returns the error (if any) and the cell that was last begun."""
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    started = {}
    end = time.time() + seconds

    def on_start(cell, cell_index):
        # nbclient's own handlers would end the kernel under a running cell, which then counts as failed
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().remove_signal_handler(number)
        end_at_signals()
        started[cell_index] = time.time()
        title = heading(notebook, cell_index)
        print(f"  [{code.index(cell_index) + 1}/{len(code)}] {title} …" if cell_index in code else "", end="", flush=True)

    def on_done(cell, cell_index, execute_reply):
        print(f" {time.time() - started[cell_index]:.1f} s", flush=True)

    client = NotebookClient(notebook, timeout_func=lambda cell: max(1, int(end - time.time())), kernel_name=kernel_of(notebook), resources={"metadata": {"path": str(path.parent)}},
                            on_cell_start=on_start, on_cell_executed=on_done)
    failure = None
    try:
        # what the kernel's JVM itself says (also when it dies) is not for the terminal
        client.execute(stderr=log)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as e:
        failure = e
        print()
    except KeyboardInterrupt:
        # the kernel is ended when this process exits, without waiting for the cell
        client.shutdown_kernel = "immediate"
        raise
    except Exception as e:
        # a kernel that does not start, or was interrupted while starting, has no type of its own
        if started:
            raise
        failure = e
        if client.km is None:
            atexit.unregister(client._cleanup_kernel)
    for index, cell in enumerate(notebook.cells):
        # printf writes piece by piece, and a page would show each piece on a line of its own
        CoalesceStreamsPreprocessor().preprocess_cell(cell, {}, index)
    nbformat.write(notebook, out)
    return failure, notebook.cells[max(started)] if started else None


def run(root, path, save=False, seconds=SECONDS, name=None):
    """Executes a notebook, keeps its copies (under a different name, if one is given) and reports on it. Returns whether it went well."""
    print(f"{path.name}", flush=True)
    notebook, fault = read(path)
    if fault:
        print(fault)
        return False
    if not any(cell.cell_type == "code" for cell in notebook.cells):
        print("  there are no code cells in it: nothing to run")
    begin = time.time()
    folder = root / "build/notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    stem = name or path.stem
    copy = folder / f"{stem}.ipynb"
    kernel_log = folder / f"{stem}.kernel.log"
    with open(kernel_log, "w", encoding="utf-8") as log:
        failure, last = execute(notebook, path, copy, seconds, log)
    if isinstance(failure, CellExecutionError):
        explain(notebook)
        return False
    if failure is not None:
        if last is None:
            print(f"\nThe kernel did not start ({failure}). Removing .venv and running ./metarl setup installs it anew.")
        elif isinstance(failure, DeadKernelError):
            print(f"\nThe kernel ended in this cell:\n{source_of(last)}")
        else:
            print(f"\nThe notebook took longer than {seconds} s, and was stopped in this cell:\n{source_of(last)}")
        print(f"What the JVM said is in {kernel_log.relative_to(root)}")
        return False
    page = folder / f"{stem}.html"
    page.write_text(page_of(notebook, path), encoding="utf-8")
    if save:
        nbformat.write(notebook, path)
    text = summary(notebook)
    if text:
        print("\n" + text)
    print(f"\n{time.time() - begin:.0f} s. Executed copy: {copy.relative_to(root)}, page: {page.relative_to(root)}")
    return True


class Ended(KeyboardInterrupt):
    """This process was asked to end: it ends its kernel as after Ctrl-C."""


def end_at_signals():
    """A kernel is a child of its own session: no signal sent here reaches it."""
    def end(number, frame):
        raise Ended(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def notebooks_of(paths, root):
    """The notebooks that were named, those of folders among them, each with the name its copies get."""
    found = []
    for path in paths or [root / "notebooks/00-quickstart.ipynb"]:
        if path.is_dir():
            inside = sorted(p for p in path.glob("*.ipynb") if not p.name.startswith("."))
            if not inside:
                raise SystemExit(f"there are no notebooks in the folder {path}")
            found += inside
        else:
            fault = check_name(path)
            if fault:
                raise SystemExit(f"{fault}; those of the project are in {root / 'notebooks'}")
            found.append(path)
    found = list(dict.fromkeys(path.resolve() for path in found))
    names = {}
    for path in found:
        # two of one name in different folders
        name, number = path.stem, 2
        while name in names.values():
            name, number = f"{path.stem}-{number}", number + 1
        names[path] = name
    return names


def main():
    parser = argparse.ArgumentParser(prog="./metarl run")
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("notebooks", nargs="*", type=pathlib.Path)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--seconds", type=int, default=SECONDS)
    # the switches may stand before, between or after the notebooks
    options = parser.parse_intermixed_args()
    if options.fast:
        os.environ["METARL_FAST"] = "true"
        # a JVM that lives for half a minute spends up to half of it on compiling for speed; the results are the same without
        os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")
    results = [run(options.root, path, options.save, options.seconds, name) for path, name in notebooks_of(options.notebooks, options.root).items()]
    if len(results) > 1:
        print(f"\n{sum(results)} of {len(results)} notebooks ran to their end")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    end_at_signals()
    try:
        main()
    except Ended as e:
        print("\nended")
        sys.exit(128 + e.args[0])
    except KeyboardInterrupt:
        sys.exit("\ninterrupted")
