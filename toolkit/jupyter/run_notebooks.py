"""Executes notebooks in the kernel 'metarl' and writes .ipynb and .html to build/notebooks/.

Usage: run_notebooks.py ROOT [NOTEBOOK ...] [--fast] [--save]
"""

import argparse
import logging
import os
import pathlib
import re
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter

logging.getLogger("traitlets").setLevel(logging.WARNING)

COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def heading(notebook, index):
    """The nearest heading above a cell."""
    for cell in reversed(notebook.cells[:index]):
        if cell.cell_type == "markdown":
            for line in reversed(cell.source.splitlines()):
                if line.startswith("#"):
                    return line.lstrip("# ")
    return ""


def explain(notebook):
    """Prints source and message of the cell that failed."""
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                print(f"\nCell {number + 1} failed:\n" + "\n".join("    " + line for line in cell.source.splitlines()))
                trace = COLOURS.sub("", "\n".join(output.traceback)) or output.evalue
                print(f"\n{output.ename}: {COLOURS.sub('', output.evalue)}\n{trace}")


def summary(notebook):
    """The text of the last output of the cell tagged 'summary'."""
    for cell in reversed(notebook.cells):
        if "summary" in cell.metadata.get("tags", []):
            for output in reversed(cell.get("outputs", [])):
                text = output.get("data", {}).get("text/plain") or output.get("text")
                if text:
                    return text
    return None


def execute(path, out, seconds):
    """Executes one notebook; returns it and the error, if any."""
    notebook = nbformat.read(path, 4)
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    started = {}

    def on_start(cell, cell_index):
        started[cell_index] = time.time()
        title = heading(notebook, cell_index)
        print(f"  [{code.index(cell_index) + 1}/{len(code)}] {title} …" if cell_index in code else "", end="", flush=True)

    def on_done(cell, cell_index, execute_reply):
        print(f" {time.time() - started[cell_index]:.1f} s", flush=True)

    client = NotebookClient(notebook, timeout=seconds, kernel_name="metarl", resources={"metadata": {"path": str(path.parent)}},
                            on_cell_start=on_start, on_cell_executed=on_done)
    failure = None
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as e:
        failure = e
        print()
    nbformat.write(notebook, out)
    return notebook, failure


def run(root, path, save=False, seconds=900):
    """Executes a notebook, keeps its copies, and tells how it went. Returns whether it went well."""
    print(f"{path.name}", flush=True)
    begin = time.time()
    folder = root / "build/notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    notebook, failure = execute(path, folder / path.name, seconds)
    if failure is not None:
        explain(notebook)
        if not isinstance(failure, CellExecutionError):
            print(f"{type(failure).__name__}: {failure}")
        return False
    page = folder / (path.stem + ".html")
    page.write_text(HTMLExporter().from_notebook_node(notebook)[0])
    if save:
        nbformat.write(notebook, path)
    text = summary(notebook)
    if text:
        print("\n" + text)
    print(f"\n{time.time() - begin:.0f} s. Executed copy: {(folder / path.name).relative_to(root)}, page: {page.relative_to(root)}")
    return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("notebooks", nargs="*", type=pathlib.Path)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--save", action="store_true")
    options = parser.parse_args()
    if options.fast:
        os.environ["METARL_FAST"] = "true"
    paths = options.notebooks or [options.root / "notebooks/00-quickstart.ipynb"]
    for path in paths:
        if not path.exists():
            raise SystemExit(f"there is no notebook {path}; those of the project are in {options.root / 'notebooks'}")
    results = [run(options.root, path.resolve(), options.save) for path in paths]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\ninterrupted")
