"""Executes a submission so that whatever it does, its notebook comes to an end and every test cell has an honest output.

The kernel works in an empty folder and is told of a project that has the stored networks alone, so that neither the course's files nor the sources of the
homework lie at a path that can be guessed. That is no wall: the code runs as the user who grades.
"""

import pathlib

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_output
from nbgrader.utils import has_failed, is_grade

ENDED, LATE, ODD = "KernelEnded", "OutOfTime", "NotAScore"
OWN_ERRORS = (ENDED, LATE, ODD)
NOT_RUN = "not run, because the kernel ended before"
# that all tasks together may take, in times of one
TASKS = 4


def error(kind, message):
    return new_output("error", ename=kind, evalue=message, traceback=[f"{kind}: {message}"])


def manager(root, place):
    """A kernel whose project is a stand-in with links to what homework may read."""
    project = place / "project"
    project.mkdir()
    (project / "models").symlink_to(pathlib.Path(root) / "models")
    kernels = AsyncKernelManager(kernel_name="metarl")
    argv = kernels.kernel_spec.argv
    position = next(i for i, part in enumerate(argv) if part.startswith("-Dmetarl.root="))
    # a JVM that lives for ten seconds would spend half of them on compiling for speed
    argv[position:position + 1] = [f"-Dmetarl.root={project}", "-XX:TieredStopAtLevel=1"]
    return kernels


class Client(NotebookClient):
    """Notes which cells were begun, and marks those that took too long."""

    def __init__(self, notebook, seconds, **more):
        super().__init__(notebook, timeout_func=self.left, interrupt_on_timeout=True, allow_errors=True, startup_timeout=120,
                         error_on_timeout={"ename": LATE, "evalue": f"stopped after {seconds} s", "traceback": []}, **more)
        self.seconds, self.budget, self.begun = seconds, TASKS * seconds, set()
        self.shutdown_kernel = "immediate"
        self.on_cell_execute, self.on_cell_executed = self.begin, self.end

    def left(self, cell):
        return max(1, min(self.seconds, self.budget))

    def begin(self, cell, cell_index):
        self.begun.add(cell_index)

    def end(self, cell, cell_index, execute_reply):
        content = execute_reply["content"]
        if content.get("ename") == LATE:
            self.budget -= self.seconds
            cell.outputs.append(error(LATE, content["evalue"]))


def judge(cell):
    """A test cell counts by the number that is its value, or by having no error; what is neither is made an error."""
    if has_failed(cell) or ".points(" not in cell.source:
        return
    values = [output["data"].get("text/plain", "") for output in cell.outputs if output.output_type == "execute_result"]
    try:
        if len(values) == 1 and 0 <= float(values[0]) <= float(cell.metadata.nbgrader.points):
            return
    except ValueError:
        pass
    cell.outputs = [error(ODD, f"the tests gave {', '.join(values) or 'no number'} instead of a score")]


def execute(notebook, root, place, seconds):
    """Executes a notebook in place, in an empty folder."""
    work = place / "work"
    work.mkdir()
    with open(place / "kernel.log", "wb") as log:
        client = Client(notebook, seconds, km=manager(root, place), resources={"metadata": {"path": str(work)}})
        try:
            client.execute(stdout=log, stderr=log)
        except (DeadKernelError, RuntimeError) as e:
            mark_rest(notebook, client.begun, str(e))
    for cell in notebook.cells:
        if cell.cell_type == "code" and is_grade(cell):
            judge(cell)


def mark_rest(notebook, begun, why):
    """The kernel ended in the cell that was begun last: this one and all after it count as failed."""
    last = max(begun, default=-1)
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and index >= last:
            cell.outputs = [error(ENDED, "the kernel ended" if index == last or last < 0 else NOT_RUN)]
