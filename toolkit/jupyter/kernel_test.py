"""What only the real kernel can show: rich outputs, how soon the first plot is there, and that an interrupted cell keeps what it had.

Usage: kernel_test.py        exit 0: all holds
"""

import os
import pathlib
import shutil
import sys
import tempfile
import time

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
            except Exception:
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return outputs, time.time() - sent if sent else None
            outputs.append(message)


def bundles(outputs):
    return [set(o["content"].get("data", {})) for o in outputs]


def check(name, holds, seen=""):
    print(f"   {'ok' if holds else 'NO'}  {name} {seen}", flush=True)
    return bool(holds)


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

        code = TRAINING.format(steps=200_000, folder=folder / "run")
        _, seconds = session.run(code, interrupt=(8, manager.interrupt_kernel))
        results.append(check("an interrupted training stops", seconds is not None and seconds < 3, f"after {seconds} s (aim: 1 s)"))
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
        return 0 if all(results) else 1
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
