"""What only the real kernel can show: rich outputs, how soon the first plot is there, what follows an error or an interrupt, what Shift-Tab and Tab
show, what a grader reads, and that an interrupted cell keeps what it had and says so.

Usage: kernel_test.py        exit 0: all holds
"""

import os
import pathlib
import re
import shutil
import sys
import tempfile
import time
from queue import Empty

from jupyter_client.manager import start_new_kernel

TRAINING = """
var run = MetaTraining.on(TaskSet.of(PointRobot.dense()).train(10).test(3).sample(7)).algorithm(Mql.pointRobot())
    .steps({steps}).evaluateEvery(500).adaptTasks(1).seed(5).saveTo("{folder}").listen(new ProgressBar(), LivePlot.testReturn()).run();
"""


class Session:
    """Runs cells and collects what they show."""

    def __init__(self, client):
        self.client = client

    def run(self, code, seconds=120, interrupt=None):
        """Outputs of a cell, and the seconds from the interrupt (if any) to its end."""
        request = self.client.execute(code)
        start, sent, outputs = time.time(), None, []
        while True:
            if interrupt and sent is None and time.time() - start > interrupt[0]:
                interrupt[1]()
                sent = time.time()
            if time.time() - start > seconds:
                raise TimeoutError(f"the cell took longer than {seconds} s:\n{code}")
            try:
                message = self.client.get_iopub_msg(timeout=0.1)
            except Empty:
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return outputs, time.time() - sent if sent else None
            outputs.append(message)


    def queue(self, codes, interrupt=None, stop_on_error=True, seconds=60):
        """Sends all cells in one go, as Run All does; returns the status of each reply and all that was printed."""
        requests = [self.client.execute(code, stop_on_error=stop_on_error) for code in codes]
        replies, printed, idle, begin = {}, "", set(), time.time()
        while not replies.keys() >= set(requests) or not idle.issuperset(requests):
            if time.time() - begin > seconds:
                raise TimeoutError(f"no reply to all of {codes}: {replies}")
            if interrupt and time.time() - begin > interrupt[0]:
                interrupt[1]()
                interrupt = None
            for read in (self.client.get_shell_msg, self.client.get_iopub_msg):
                try:
                    message = read(timeout=0.05)
                except Empty:
                    continue
                request = message["parent_header"].get("msg_id")
                if message["msg_type"] == "execute_reply":
                    replies[request] = message["content"]["status"]
                elif message["msg_type"] == "stream":
                    printed += message["content"]["text"]
                elif message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                    idle.add(request)
        return [replies[r] for r in requests], printed

    def inspect(self, code, at):
        """What Shift-Tab shows, by MIME type."""
        self.client.inspect(code, at)
        content = self.reply("inspect_reply")
        return content["data"] if content["found"] else {}

    def complete(self, code):
        """What Tab lists, and what each of it inserts."""
        self.client.complete(code, len(code))
        content = self.reply("complete_reply")
        inserted = [t["text"] for t in content["metadata"]["_jupyter_types_experimental"]]
        return list(zip(content["matches"], inserted)), code[:content["cursor_start"]]

    def reply(self, kind):
        while True:
            message = self.client.get_shell_msg(timeout=30)
            if message["msg_type"] == kind:
                return message["content"]

    def shown_at_last(self, text, outputs, seconds=30):
        """Whether a renewed output holds a text: a thread can show it before its interrupted cell has ended, or after."""
        end, seen, waiting = time.time() + seconds, "", list(outputs)
        while time.time() < end:
            try:
                message = waiting.pop(0) if waiting else self.client.get_iopub_msg(timeout=0.5)
            except Empty:
                continue
            if message["msg_type"] == "update_display_data":
                seen = message["content"]["data"].get("text/plain", "")
                if re.search(text, seen):
                    return True, seen
        return False, seen


def texts(outputs, kind):
    """The streams of one name in one text."""
    return "".join(o["content"]["text"] for o in outputs if o["msg_type"] == "stream" and o["content"]["name"] == kind)


def error_of(outputs):
    """Name and sentence of the error, and the number of lines below it."""
    return next(((o["content"]["ename"], o["content"]["evalue"], len(o["content"]["traceback"])) for o in outputs if o["msg_type"] == "error"), (None, "", 0))


def score(outputs, points):
    """The points that nbgrader 0.9 gives to a graded cell: none after an error or anything on stderr, else the number that is its value, else all."""
    if any(o["msg_type"] == "error" for o in outputs) or texts(outputs, "stderr"):
        return 0
    values = [o["content"]["data"]["text/plain"] for o in outputs if o["msg_type"] == "execute_result"]
    return float(values[-1]) if values else points


def bundles(outputs):
    return [set(o["content"].get("data", {})) for o in outputs]


def check(name, holds, seen=""):
    print(f"   {'ok' if holds else 'NO'}  {name} {seen}", flush=True)
    return bool(holds)


def errors(session):
    """Each is one sentence, and the kernel goes on."""
    results = []
    for name, codes, expected in (
            ("an unknown name in a body is told where it is written", ["double total(double[] v) { return meen(v); }"],
             "Note: total(double[]) uses method meen(double[]), which is not known"),
            ("and where it is used", ["total(new double[] {1})"], "total(double[]) cannot be used yet: it uses method meen(double[])"),
            ("a later cell may declare it", ["double meen(double[] v) { return v[0]; }", "total(new double[] {1.5})"], "1.5"),
            ("deep recursion is one sentence", ["int deep(int n) { return deep(n + 1) + 1; }", "deep(0)"], "the calls go too deep: deep calls itself"),
            ("a class that cannot be set up is one sentence", ["class Broken { static int v = Integer.parseInt(\"x\"); }", "Broken.v"],
             "class Broken cannot be used: its static fields could not be set, because of java.lang.NumberFormatException"),
            ("an error while a value is shown does not end the kernel", ["new Object() { public String toString() { throw new StackOverflowError(); } }"], "StackOverflowError"),
            ("a variable outlives an import", ["var kept = new ArrayList<>(List.of(1, 2));", "import java.util.zip.*; import java.io.*;", "kept"], "[1, 2]"),
            ("a name that is misspelt in a lambda is one sentence", ["var weights = new double[] {1}; Arrays.stream(weights).map(v -> v * wieghts[0]).sum()"],
             "cannot find symbol: variable wieghts; did you mean weights?"),
            ("a missing semicolon is one sentence", ["int three = 3 int four = 4;"], "CompilationException: ';' expected"),
            ("a wrong argument is one sentence with what the method takes", ["TaskSet.of(3)"], "TaskSet.of takes (TaskFamily family) or (String family) or"),
            ("an undefined magic is one sentence", ["%nothing here"], "nothing")):
        for code in codes:
            outputs, _ = session.run(code)
        ename, evalue, lines = error_of(outputs)
        values = [o["content"]["data"]["text/plain"] for o in outputs if o["msg_type"] == "execute_result"]
        seen = " ".join([texts(outputs, "stdout"), f"{ename}: {evalue}", *values])
        results.append(check(name, expected in seen and lines <= 25, "" if expected in seen else f"not in: {seen}"))
    return results


def inspected(session):
    """Shift-Tab."""
    results = []
    for code, word, expected in (("ImportanceWeights.of(new double[] {1, 2}).ess()", "of(", "ImportanceWeights.of(double[] weights)\n    "), ("Math.max(1, 2)", "max", "int Math.max(int a, int b)"),
                                 ("ImportanceWeights.of(new double[] {1, 2})", "of(", "\n    Throws IllegalArgumentException "),
                                 ("TaskSet.of(\"point-robot\")", "of(", "TaskSet.Builder TaskSet.of(String family)\n    "),
                                 ("new Progress(1, 2, \"\", Map.of())", "Progress", "- totalSteps: environment steps planned"),
                                 ("var made = TaskSet.of(PointRobot.dense());\nmade.train(3)", "train", "train("), ("TaskSet", "TaskSet", "metarl.task.TaskSet\n    ")):
        seen = session.inspect(code, code.index(word) + 2)
        holds = expected in seen.get("text/plain", "") and "<pre><b>" in seen.get("text/html", "")
        results.append(check(f"Shift-Tab on {word} shows what it is", holds, "" if holds else seen))
    times = []
    for _ in range(5):
        begin = time.time()
        session.inspect("ImportanceWeights.of(new double[] {1, 2})", 20)
        times.append(time.time() - begin)
    # the fastest one: what else runs on the machine is not the kernel's
    results.append(check("Shift-Tab answers soon", min(times) < 0.3, f"after {min(times):.2f} s"))
    return results


def completed(session):
    """Tab."""
    listed, before = session.complete("TaskSet.of(PointRobot.dense()).tr")
    results = [check("Tab lists methods with their parameters and inserts their names", before == "TaskSet.of(PointRobot.dense())."
                     and listed == [("train(int count)", "train("), ("trainCount()", "trainCount()")], listed)]
    listed, _ = session.complete("var set = TaskSet.of(PointRobot.dense());\nset.")
    labels = [label for label, _ in listed]
    results.append(check("what every object has comes last", "sample(long seed)" in labels and labels.index("sample(long seed)") < labels.index("hashCode()"), labels))
    listed, _ = session.complete("Ma")
    labels = [label for label, _ in listed]
    results.append(check("the toolkit's own comes first", labels and labels.index("Maml") < labels.index("Math"), labels))
    return results


def queued(session, manager):
    """An error or an interrupt aborts what waits, and only that."""
    first = 'System.out.print("first "); throw new IllegalStateException("stop");'
    statuses, printed = session.queue([first, 'System.out.print("second ");', 'System.out.print("third ");'])
    results = [check("an error aborts the queued cells", statuses == ["error", "aborted", "aborted"] and printed == "first ", f"{statuses} {printed}")]
    statuses, printed = session.queue(['System.out.print("again");'])
    results.append(check("a cell that is sent later runs", statuses == ["ok"] and printed == "again", f"{statuses} {printed}"))
    statuses, printed = session.queue([first, 'System.out.print("second");'], stop_on_error=False)
    results.append(check("without stop_on_error all run", statuses == ["error", "ok"] and printed == "first second", f"{statuses} {printed}"))
    statuses, printed = session.queue(["Thread.sleep(60_000);", 'System.out.print("second");'], interrupt=(1, manager.interrupt_kernel))
    results.append(check("an interrupt aborts the queued cells", statuses == ["error", "aborted"] and not printed, f"{statuses} {printed}"))
    return results


def graded(session):
    """What nbgrader gives for an answer that is right, half right, wrong, missing, or does not compile."""
    test = """Check.exercise("ess").close("equal weights", 3, () -> ess(new double[] {1, 1, 1})).close("one weight", 1, () -> ess(new double[] {1, 0, 0}))
        .close("two weights", 1.8, () -> ess(new double[] {1, 2})).rejects("a negative weight", () -> ess(new double[] {-1})){end}"""
    right = "if (Arrays.stream(w).min().getAsDouble() < 0) throw new IllegalArgumentException(\"negative\"); " \
            "double s = 0, q = 0; for (double x : w) { s += x; q += x * x; } return s * s / q;"
    results = []
    for name, body, points, all_or_nothing in (
            ("right", right, 5, 5),
            ("three of four", right[right.index("double s"):], 3.75, 0),
            ("half", "return w.length == 3 ? 3 : 1.8;", 2.5, 0),
            ("endless", "return ess(w);", 0, 0),
            ("a stub", "throw new UnsupportedOperationException();", 0, 0)):
        session.run(f"double ess(double[] w) {{ {body} }}")
        partial, _ = session.run(test.replace("{end}", ".points(5)"))
        strict, _ = session.run(test.replace("{end}", ".orThrow();"))
        seen = (score(partial, 5), score(strict, 5))
        results.append(check(f"graded: {name}", seen == (points, all_or_nothing), f"{seen}, expected {(points, all_or_nothing)} of 5"))
    session.run("double ess(double[] w) { return w.lenth; }")
    partial, _ = session.run(test.replace("{end}", ".points(5)"))
    results.append(check("graded: does not compile", score(partial, 5) == 0, error_of(partial)[1]))
    return results


def quiet(session):
    """Cells that load PyTorch, MuJoCo, charts and tables write nothing to stderr, which a grader would count as an error."""
    results = []
    for name, code in (
            ("PyTorch", "var quiet = MetaTraining.on(TaskSet.of(PointRobot.dense()).train(2).test(1).sample(1)).algorithm(Mql.pointRobot()).steps(400).evaluateEvery(400).adaptTasks(1).seed(1).run();"),
            ("charts", 'Plots.lines("a", "x", "y", Series.line("b", new double[] {1, 2}, new double[] {1, 2}))'),
            ("tables", 'Table.create("t", IntColumn.create("n", new int[] {1, 2})).print();'),
            ("MuJoCo", "TaskSet.of(HalfCheetah.velocity()).train(1).test(1).sample(1).train().get(0);")):
        outputs, _ = session.run(code)
        results.append(check(f"nothing on stderr: {name}", not texts(outputs, "stderr") and error_of(outputs)[0] is None, texts(outputs, "stderr") + error_of(outputs)[1]))
    return results


def main():
    # the training here must be long enough to be interrupted
    os.environ.pop("METARL_FAST", None)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="metarl-kernel-"))
    begin = time.time()
    manager, client = start_new_kernel(kernel_name="metarl", startup_timeout=60)
    try:
        session = Session(client)
        chart, _ = session.run("Plots.weights(ImportanceWeights.of(new double[] {1, 2, 3}))")
        first_plot = time.time() - begin
        results = [check("first plot", first_plot < 30, f"after {first_plot:.1f} s from starting the kernel (aim: 10 s)")]
        results.append(check("a chart is Plotly's form and a picture", any({"application/vnd.plotly.v1+json", "image/png", "text/plain"} <= b for b in bundles(chart))))
        table, _ = session.run("TaskSet.of(PointRobot.dense()).train(3).test(1).sample(1).summary()")
        results.append(check("a table is HTML", any({"text/html", "text/plain"} <= b for b in bundles(table))))
        error, _ = session.run("ImportanceWeights.of(new double[] {1, -2})")
        results.append(check("bad input is an exception that names it", any("weight 1 is -2.0" in o["content"].get("evalue", "") for o in error)))

        results += errors(session) + inspected(session) + completed(session) + queued(session, manager) + graded(session) + quiet(session)
        code = TRAINING.format(steps=200_000, folder=folder / "run")
        outputs, seconds = session.run(code, interrupt=(8, manager.interrupt_kernel))
        results.append(check("an interrupted training stops", seconds is not None and seconds < 3, f"after {seconds} s (aim: 1 s)"))
        kept = rf"interrupted, kept to step [1-9][\d,]* in {folder}/run; run the cell again to go on"
        results.append(check("its bar says what is kept", *session.shown_at_last(kept, outputs)))
        # the cell ends at once, its thread may still be writing the checkpoint: the next run waits for it
        time.sleep(1)
        log, description = folder / "run/log.csv", folder / "run/run.json"
        results.append(check("log and checkpoint are kept", log.exists() and description.exists()))
        kept = log.read_text().splitlines()
        last = int(kept[-1].split(",")[0])
        _, _ = session.run(TRAINING.format(steps=last + 1_000, folder=folder / "run"))
        value, _ = session.run("run.steps()")
        after = log.read_text().splitlines()
        results.append(check("running the cell again resumes to the end", after[:len(kept)] == kept and len(after) > len(kept),
                             f"({len(kept)} rows kept, {len(after)} at the end)"))
        outputs, _ = session.run(code.replace(f'.saveTo("{folder / "run"}")', ""), interrupt=(8, manager.interrupt_kernel))
        results.append(check("or that nothing is", *session.shown_at_last("interrupted, nothing was kept: give the training saveTo", outputs)))
        return 0 if all(results) else 1
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
