"""Executes notebooks in the kernel 'metarl' and writes .ipynb and .html to build/notebooks/.

Usage: run_notebooks.py ROOT [NOTEBOOK ...] [--fast] [--save]
"""

import argparse
import asyncio
import atexit
import logging
import os
import pathlib
import re
import signal
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


def source_of(cell):
    return "\n".join("    " + line for line in cell.source.splitlines())


def explain(notebook):
    """Prints source and message of the cell that failed."""
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                print(f"\nCode cell {number} failed:\n{source_of(cell)}")
                trace = COLOURS.sub("", "\n".join(output.traceback)) or output.evalue
                print(f"\n{output.ename}: {COLOURS.sub('', output.evalue)}\n{trace}")


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


def execute(path, out, seconds, log):
    """Executes one notebook in at most these seconds; returns it, the error (if any), and the cell that was last begun."""
    notebook = nbformat.read(path, 4)
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    started = {}
    end = time.time() + seconds

    def on_start(cell, cell_index):
        # nbclient's own handler would end the kernel under a running cell, which then counts as failed
        asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
        started[cell_index] = time.time()
        title = heading(notebook, cell_index)
        print(f"  [{code.index(cell_index) + 1}/{len(code)}] {title} …" if cell_index in code else "", end="", flush=True)

    def on_done(cell, cell_index, execute_reply):
        print(f" {time.time() - started[cell_index]:.1f} s", flush=True)

    client = NotebookClient(notebook, timeout_func=lambda cell: max(1, int(end - time.time())), kernel_name="metarl", resources={"metadata": {"path": str(path.parent)}},
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
    nbformat.write(notebook, out)
    return notebook, failure, notebook.cells[max(started)] if started else None


def run(root, path, save=False, seconds=900):
    """Executes a notebook, keeps its copies, and tells how it went. Returns whether it went well."""
    print(f"{path.name}", flush=True)
    begin = time.time()
    folder = root / "build/notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    kernel_log = folder / f"{path.stem}.kernel.log"
    with open(kernel_log, "w") as log:
        notebook, failure, last = execute(path, folder / path.name, seconds, log)
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
    # the switches may stand before, between or after the notebooks
    options = parser.parse_intermixed_args()
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
