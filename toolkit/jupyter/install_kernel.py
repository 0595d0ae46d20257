"""Installs the kernel 'metarl' ("Java (meta-RL)") into the environment of the Python that runs this.

Usage: install_kernel.py ROOT JAVA        writes the kernelspec
       install_kernel.py --java-options   prints the switches every JVM of the toolkit is started with
"""

import json
import pathlib
import sys

JAVA_OPTIONS = [
    "-Xmx2g",
    "-Djava.awt.headless=true",
    # an assert in a notebook is meant to be checked
    "-ea",
    # DJL: no telemetry, no downloads; one thread, because two fight where cores are shared
    "-Dai.djl.offline=true",
    "-Dai.djl.pytorch.num_threads=1",
]


def kernel_jar(prefix):
    jar = prefix / "share/jupyter/kernels/java/jjava.jar"
    if not jar.exists():
        raise SystemExit(f"the Java kernel is missing ({jar}); run: pip install -r requirements.txt")
    return jar


def install(root, java):
    prefix = pathlib.Path(sys.prefix)
    target = root / "toolkit/metarl/target"
    # a class path entry that matches nothing ends the kernel before it can say why
    if not (target / "metarl.jar").exists() or not any((target / "lib").glob("*.jar")):
        raise SystemExit(f"the toolkit is not built: expected {target / 'metarl.jar'} and jars in {target / 'lib'}; run ./metarl setup")
    imports = " ".join((root / "toolkit/metarl/src/main/resources/metarl/imports.jsh").read_text().split("\n"))
    spec = {
        "argv": [java, *JAVA_OPTIONS, "--add-opens", "jdk.jshell/jdk.jshell=ALL-UNNAMED", "-jar", str(kernel_jar(prefix)), "{connection_file}"],
        "display_name": "Java (meta-RL)",
        "language": "java",
        "interrupt_mode": "message",
        "env": {
            "JJAVA_CLASSPATH": f"{target / 'metarl.jar'}:{target / 'lib'}/*.jar",
            "JJAVA_STARTUP_SCRIPT": f"{imports} metarl.notebook.Kernel.install();",
        },
    }
    folder = prefix / "share/jupyter/kernels/metarl"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kernel.json").write_text(json.dumps(spec, indent=1) + "\n")
    quiet_lab(prefix)


def quiet_lab(prefix):
    """JupyterLab neither asks about news nor fetches any."""
    settings = prefix / "share/jupyter/lab/settings"
    settings.mkdir(parents=True, exist_ok=True)
    path = settings / "overrides.json"
    overrides = json.loads(path.read_text()) if path.exists() else {}
    overrides["@jupyterlab/apputils-extension:notification"] = {"fetchNews": "false", "checkForUpdates": False}
    path.write_text(json.dumps(overrides, indent=1) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--java-options"]:
        print("\n".join(JAVA_OPTIONS))
    else:
        install(pathlib.Path(sys.argv[1]), sys.argv[2])
