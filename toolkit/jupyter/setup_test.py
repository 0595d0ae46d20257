"""What ./metarl does about half-done set-ups, odd folders, signals and broken notebooks, without building anything: it works on a copy of the script
beside links to what is built.

Usage: setup_test.py ROOT        exit 0: all holds
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ODD = "prü fung λ's $HOME & (x) #1 %20+"
SLEEP = {"cells": [{"cell_type": "code", "id": "a", "execution_count": None, "metadata": {}, "outputs": [], "source": "Thread.sleep(600_000);"}],
         "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def check(name, holds, seen=""):
    print(f"   {'ok' if holds else 'NO'}  {name} {seen if not holds else ''}", flush=True)
    return bool(holds)


def run(command, seconds=120, **more):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=seconds, **more)
    return done.returncode, done.stdout + done.stderr


def tool(folder, name, text):
    """A stand-in for a program, first in the PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return dict(os.environ, PATH=f"{folder}:{os.environ['PATH']}")


def scratch(root, folder):
    """A project in a folder of its own: the script, what it reads, and a Python environment that is still to be made."""
    project = folder / ODD / "metarl"
    project.mkdir(parents=True)
    shutil.copy(root / "metarl", project)
    (project / "requirements.txt").write_text("")
    (project / "pom.xml").write_text("<project/>")
    for part in ("toolkit/jupyter", "toolkit/metarl/src/main", "toolkit/diagnose/src/main"):
        shutil.copytree(root / part, project / part, ignore=shutil.ignore_patterns("__pycache__"))
    (project / "build/open-bandit").mkdir(parents=True)
    for file in ("NOTICE", "random/all.csv", "bts/all.csv", "bts/prior.csv"):
        (project / "build/open-bandit" / file).parent.mkdir(exist_ok=True)
        (project / "build/open-bandit" / file).write_text("x")
    return project


# what stands for Maven: it writes the jars, or dies as it is told
MAVEN = """case "$*" in
*-v) [ "${JAVA_HOME:-}" != /nowhere ] || { echo "JAVA_HOME is not defined correctly" >&2; exit 1; }
    echo "Apache Maven 3.9.9 (stub)"; echo "Java version: 17.0.1, vendor: none"; exit 0 ;;
esac
echo build >>"$STUB_LOG"
for last; do case $last in *pom.xml) project=$(dirname "$last") ;; esac; done
target="$project/toolkit/metarl/target"
mkdir -p "$target/lib"
echo half >"$target/metarl.jar"
[ "${STUB:-}" != slow ] || exec sleep 60
[ "${STUB:-}" != fail ] || exit 1
ln -sf "$STUB_ROOT/toolkit/metarl/target/metarl.jar" "$target/metarl.jar"
ln -sf "$STUB_ROOT"/toolkit/metarl/target/lib/*.jar "$target/lib/"
"""


def packages_here(project, root):
    """Lends the environment of this Python to the scratch project, so that nothing is downloaded."""
    inside = subprocess.run([project / ".venv/bin/python", "-c", "import site; print(site.getsitepackages()[0])"], capture_output=True, text=True).stdout.strip()
    here = subprocess.run([sys.executable, "-c", "import site; print(site.getsitepackages()[0])"], capture_output=True, text=True).stdout.strip()
    (pathlib.Path(inside) / "lent.pth").write_text(here + "\n")
    jar = "share/jupyter/kernels/java/jjava.jar"
    (project / ".venv" / jar).parent.mkdir(parents=True, exist_ok=True)
    if not (project / ".venv" / jar).exists():
        os.symlink(pathlib.Path(sys.prefix) / jar, project / ".venv" / jar)


def half_done(root, folder):
    """States that an interrupt, a failure or a wrong variable leaves behind: the next set-up mends each."""
    project = scratch(root, folder)
    stubs, log = folder / "stubs", folder / "builds.log"
    environment = dict(tool(stubs, "mvn", MAVEN), STUB_LOG=str(log), STUB_ROOT=str(root), METAWORLD_HOME=str(folder))
    environment.pop("JAVA_HOME", None)
    environment.pop("CONDA_PREFIX", None)
    setup = [project / "metarl", "setup"]

    def builds():
        return log.read_text().count("build") if log.exists() else 0

    results = []
    code, text = run(setup, env=dict(environment, JAVA_HOME="/nowhere"))
    results.append(check("a wrong JAVA_HOME is told as Maven tells it", code == 1 and "JAVA_HOME is not defined correctly" in text, text))
    # an interrupted venv: a Python, no pip
    (project / ".venv/bin").mkdir(parents=True)
    os.symlink(shutil.which("python3", path="/usr/bin:/usr/local/bin:" + os.environ["PATH"]), project / ".venv/bin/python")
    code, text = run(setup, env=dict(environment, STUB="fail"))
    results.append(check("and is forgotten; half an environment is made anew", "Making " in text and (project / ".venv/.metarl-requirements").exists(), text))
    results.append(check("a failed build is told and leaves no mark", code == 1 and "could not be built" in text and not (project / "build/toolkit.mark").exists(), text))
    packages_here(project, root)

    slow = subprocess.Popen(list(map(str, setup)), env=dict(environment, STUB="slow"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    before, end = builds(), time.time() + 60
    while builds() == before and time.time() < end:
        time.sleep(0.1)
    waiting = subprocess.Popen(list(map(str, setup)), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    first = waiting.stdout.readline()
    results.append(check("a second set-up waits and says so", "Another ./metarl is setting up this folder" in first, first))
    time.sleep(0.5)
    slow.send_signal(signal.SIGINT)
    text = slow.communicate(timeout=30)[0]
    results.append(check("Ctrl-C ends a set-up", slow.returncode != 0 and "interrupted" in text, f"{slow.returncode} {text}"))
    text = waiting.communicate(timeout=120)[0]
    results.append(check("what was half built is built anew, by the one that waited", waiting.returncode == 0 and "Ready" in text, text))
    made = builds()
    code, text = run(setup, env=environment)
    results.append(check("set up once, nothing more is to be done", code == 0 and builds() == made and "Building" not in text, text))

    # a set-up that was killed leaves its lock and half a build
    os.symlink(f"999999999@{os.uname().nodename}", project / "build/setup.lock")
    (project / "build/toolkit.building").touch()
    code, text = run(setup, env=environment)
    results.append(check("the lock of one that was killed is no obstacle", code == 0 and not os.path.lexists(project / "build/setup.lock"), text))
    results.append(check("a build that was killed is made anew", builds() == made + 1, text))
    jars, spec = project / "toolkit/metarl/target/lib", project / ".venv/share/jupyter/kernels/metarl/kernel.json"
    (jars / sorted(os.listdir(jars))[0]).unlink()
    spec.unlink()
    code, text = run(setup, env=environment)
    made += 2
    results.append(check("a jar that is gone is built again", code == 0 and builds() == made, text))
    results.append(check("a kernelspec that is gone is written again", spec.exists(), text))
    with open(project / "toolkit/diagnose/src/main/java/metarl/basics/Figures.java", "a") as source:
        source.write("\n")
    code, text = run(setup, env=environment)
    made += 1
    results.append(check("a changed source of any module is built", code == 0 and builds() == made, text))
    offline = {name: value for name, value in environment.items() if name not in ("METAWORLD_HOME", "PIP_FIND_LINKS")}
    code, text = run(setup, env=dict(offline, PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull))
    results.append(check("models that cannot be fetched are told, and are no obstacle", code == 0 and "could not be fetched (build/sawyer.log" in text and "Ready" in text, text))
    conda = folder / "conda"
    (conda / "bin").mkdir(parents=True)
    (conda / "kept").touch()
    os.symlink(sys.executable, conda / "bin/python")
    code, text = run(setup, env=dict(environment, CONDA_PREFIX=str(conda), CONDA_DEFAULT_ENV="mine"))
    results.append(check("a conda environment without pip is not made anew", code == 1 and "conda install pip" in text and (conda / "kept").exists(), text))
    results += odd_folder(project, environment)

    moved = project.parent / "moved"
    project.rename(moved)
    code, text = run([moved / "metarl", "setup"], env=environment)
    spec = (moved / ".venv/share/jupyter/kernels/metarl/kernel.json").read_text()
    results.append(check("a moved folder is built anew and its kernel finds it", code == 0 and builds() == made + 1 and "/moved/toolkit" in spec and "/metarl/toolkit" not in spec, text))
    refused = folder / "a:b"
    shutil.copytree(moved, refused, symlinks=True)
    code, text = run([refused / "metarl", "setup"], env=environment)
    results.append(check("a folder that no class path can hold is refused", code == 1 and "colon" in text, text))
    return results


def odd_folder(project, environment):
    """A path with everything in it, a link to the script, no locale."""
    link = project.parent / "bin"
    link.mkdir()
    os.symlink(project / "metarl", link / "one")
    os.symlink("one", link / "metarl")
    script = project / "λ.jsh"
    script.write_text('int before = 5;\nimport java.io.*;\nSystem.out.println("λ k̂ Σ — ü " + before + " " + Project.path("models").endsWith("models"));\n', encoding="utf-8")
    (project / "models").mkdir()
    bare = {k: v for k, v in environment.items() if not k.startswith(("LC_", "LANG"))}
    done = subprocess.run([link / "metarl", "jshell", script], capture_output=True, timeout=120, env=bare, cwd="/")
    text = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
    return [check("a script in an odd folder, by a link, without a locale", done.returncode == 0 and "λ k̂ Σ — ü 5 true" in text, text)]


def processes_of(marker):
    """Numbers of the kernels that were started for a connection file or folder with this text in their environment."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if b"metarl.kernel.Main" in (entry / "cmdline").read_bytes() and marker.encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def signals(root, folder):
    """No kernel outlives the run that started it."""
    if not pathlib.Path("/proc/self/environ").exists():
        print("   skipped: kernels after signals (there is no /proc)")
        return []
    notebook = folder / "sleeps.ipynb"
    notebook.write_text(json.dumps(SLEEP))
    running = []
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
        marker = f"METARL_TEST={os.getpid()}-{number.name}"
        process = subprocess.Popen([root / "metarl", "run", notebook], env=dict(os.environ, METARL_TEST=marker.partition("=")[2]),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        running.append((number, marker, process))
    results = []
    for number, marker, process in running:
        end = time.time() + 60
        while not processes_of(marker) and time.time() < end:
            time.sleep(0.2)
        kernels = processes_of(marker)
        # long enough to be in its cell
        time.sleep(3)
        process.send_signal(number)
        process.wait(30)
        end = time.time() + 20
        while processes_of(marker) and time.time() < end:
            time.sleep(0.2)
        left = processes_of(marker)
        results.append(check(f"no kernel is left after {number.name}", kernels and not left, f"started {kernels}, left {left}"))
        for pid in left:
            os.kill(pid, signal.SIGKILL)
    return results


def broken_notebooks(root, folder):
    """One sentence each, no traceback, and the good ones of the folder run."""
    broken = folder / "notebooks"
    broken.mkdir()
    python = {"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    cell = {"cell_type": "code", "id": "a", "execution_count": None, "metadata": {}, "outputs": [], "source": "1 + 1"}
    files = {
        "empty": ("", "is empty"),
        "text": ("no notebook", "it is not JSON"),
        "list": ("[1]", "has no 'nbformat'"),
        "other": ('{"a": 1}', "has no 'nbformat'"),
        "cells": (json.dumps(dict(SLEEP, cells="none")), "is a damaged notebook"),
        "nocells": (json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}}), "is a damaged notebook"),
        "future": (json.dumps(dict(SLEEP, nbformat=99)), "is a damaged notebook"),
        "python": (json.dumps(dict(SLEEP, metadata=python, cells=[cell])), "is written in python"),
        "good": (json.dumps(dict(SLEEP, cells=[cell])), "Executed copy: build/notebooks/good.ipynb"),
    }
    for name, (text, _) in files.items():
        (broken / f"{name}.ipynb").write_text(text)
    (broken / "latin.ipynb").write_bytes(b"\xff\xfe\xfc")
    code, text = run([root / "metarl", "run", broken, "--fast"])
    results = [check(f"./metarl run of a folder, {name}.ipynb", expected in text, text) for name, (_, expected) in files.items()]
    results.append(check("in other encodings, and how many ran", "latin.ipynb is not a notebook: it is not UTF-8 text" in text and "1 of 10 notebooks ran" in text, text))
    results.append(check("one that fails makes the whole fail, without a traceback", code == 1 and "Traceback" not in text, text))
    results.append(check("an option is not taken for a folder", "grep" not in text, text))
    (folder / "none").mkdir()
    for path, expected in ((folder / "none", "there are no notebooks in the folder"), (folder / "not-there.ipynb", "there is no notebook"),
                           (root / "setup.jsh", "a script is run by ./metarl jshell")):
        code, text = run([root / "metarl", "run", path])
        results.append(check(f"./metarl run {path.name}", code == 1 and expected in text and "Traceback" not in text, text))
    for file in (root / "build/notebooks").glob("good.*"):
        file.unlink()
    return results


def hear_signals():
    """Started in the background or by nohup, this process would hand on that SIGINT and SIGHUP are ignored, and a shell cannot take that back."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def main():
    hear_signals()
    root = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="metarl-setup-"))
    begin = time.time()
    try:
        results = half_done(root, folder) + broken_notebooks(root, folder) + signals(root, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"   {time.time() - begin:.0f} s")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
