"""Installs the kernel 'metarl' ("Java (meta-RL)") into the environment of the Python that runs this.

Usage: install_kernel.py ROOT JAVA [--spark]     compiles the kernel and writes the kernelspec, and the one with Apache Spark
       install_kernel.py --java-options JAVA [--spark]   prints the switches every JVM of the toolkit is started with
       install_kernel.py --class-path ROOT [--spark]     prints the class path of scripts
       install_kernel.py --environment         prints the environment they are started in, as NAME=VALUE
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

JAVA_OPTIONS = [
    "-Xmx2g",
    "-Djava.awt.headless=true",
    # an assert in a notebook is meant to be checked
    "-ea",
    # texts are UTF-8 everywhere; up to JDK 17 the console has names of its own for it
    "-Dfile.encoding=UTF-8",
    "-Dstdout.encoding=UTF-8",
    "-Dstderr.encoding=UTF-8",
    "-Dsun.stdout.encoding=UTF-8",
    "-Dsun.stderr.encoding=UTF-8",
    # DJL: no telemetry, no downloads; one thread, because two fight where cores are shared
    "-Dai.djl.offline=true",
    "-Dai.djl.pytorch.num_threads=1",
]
# glibc gives large arrays back to the system at once and fetches them again, page by page, which takes a quarter of the time of a meta-gradient;
# arrays of up to 32 MB are used again. Other systems do not read this.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(256 << 20)}
# from there on the JVM warns about native libraries and Unsafe, which DJL, JavaCPP and Parquet need
WARNS_FROM = 24
QUIET = ["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]
# what Spark opens by reflection; its logger is the one of two that is meant
SPARK_OPTIONS = [*(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ("java.nio", "java.lang.invoke", "java.util")),
                 "-Dslf4j.provider=org.apache.logging.slf4j.SLF4JServiceProvider", "-Dslf4j.internal.verbosity=ERROR"]
# a JVM in a locale that is not UTF-8 cannot open a path with an ü; a toolkit that has moved is told from one that is broken
START = '''case $(locale charmap 2>/dev/null) in UTF-8) ;; *) export LC_ALL=C.UTF-8 ;; esac
if [ ! -f "$0" ]; then echo "the toolkit is not built: there is no $0. Run ./metarl setup in its folder." >&2; exit 1; fi
exec "$@"'''


def java_options(java, spark=False):
    """Switches of the JVM, which depend on its version."""
    return JAVA_OPTIONS + (QUIET if version(java) >= WARNS_FROM else []) + (SPARK_OPTIONS if spark else [])


def class_path(root, spark=False):
    """Spark comes first: the toolkit's Parquet reader brings stand-ins for a few classes of Hadoop, which would hide the real ones."""
    jars = [root / "toolkit/spark/target/metarl-spark.jar"] * spark + [root / "toolkit/metarl/target/metarl.jar"]
    return ":".join(f"{jar}:{jar.parent / 'lib'}/*" for jar in jars)


def version(java):
    """The major version of a JVM."""
    home = pathlib.Path(java).resolve().parent.parent
    release = home / "release"
    text = release.read_text(errors="replace") if release.exists() else subprocess.run([java, "-version"], capture_output=True, text=True).stderr
    found = re.search(r'(?:JAVA_VERSION=|version )"?(\d+)', text)
    return int(found.group(1)) if found else 0


def kernel_jar(prefix):
    jar = prefix / "share/jupyter/kernels/java/jjava.jar"
    if not jar.exists():
        raise SystemExit(f"the Java kernel is missing ({jar}); run: pip install -r requirements.txt")
    return jar


def write(path, text):
    """As a whole or not at all."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_text(text, encoding="utf-8")
    os.replace(new, path)


def compile_kernel(root, java, class_path, jar):
    """The toolkit's own part of the kernel, against the JJava that is installed."""
    bin = pathlib.Path(java).resolve().parent
    javac, archiver = (str(bin / tool) if (bin / tool).exists() else tool for tool in ("javac", "jar"))
    with tempfile.TemporaryDirectory() as folder:
        sources = sorted(map(str, (root / "toolkit/jupyter/kernel").glob("*.java")))
        for command in ([javac, "-encoding", "UTF-8", "--release", "17", "-nowarn", "-cp", class_path, "-d", folder + "/classes", *sources],
                        [archiver, "--create", "--file", folder + "/kernel.jar", "-C", folder + "/classes", "."]):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                raise SystemExit(f"the kernel could not be compiled:\n{done.stdout}{done.stderr}")
        new = jar.with_name(f"{jar.name}.{os.getpid()}")
        shutil.copyfile(folder + "/kernel.jar", new)
        os.replace(new, jar)


def install(root, java, spark=False):
    prefix = pathlib.Path(sys.prefix)
    target = root / "toolkit/metarl/target"
    if not (target / "metarl.jar").exists() or not any((target / "lib").glob("*.jar")):
        raise SystemExit(f"the toolkit is not built: expected {target / 'metarl.jar'} and jars in {target / 'lib'}; run ./metarl setup")
    folder = prefix / "share/jupyter/kernels/metarl"
    folder.mkdir(parents=True, exist_ok=True)
    compile_kernel(root, java, f"{kernel_jar(prefix)}:{target / 'metarl.jar'}", folder / "kernel.jar")
    write_spec(root, java, folder, folder / "kernel.jar", "Java (meta-RL)", False)
    with_spark = folder.with_name("metarl-spark")
    # one that was asked for once holds the same paths, and is written anew with them
    if spark or (with_spark / "kernel.json").exists():
        write_spec(root, java, with_spark, folder / "kernel.jar", "Java (meta-RL, Spark)", True)
    quiet_lab(prefix)


def write_spec(root, java, folder, kernel, name, spark):
    jar = root / ("toolkit/spark/target/metarl-spark.jar" if spark else "toolkit/metarl/target/metarl.jar")
    spec = {
        "argv": ["/bin/sh", "-c", START, str(jar), java, *java_options(java, spark), f"-Dmetarl.root={root}", "--add-opens", "jdk.jshell/jdk.jshell=ALL-UNNAMED",
                 "-cp", f"{kernel}:{kernel_jar(pathlib.Path(sys.prefix))}:{class_path(root, spark)}", "metarl.kernel.Main", "{connection_file}"],
        "display_name": name,
        "language": "java",
        "interrupt_mode": "message",
        "env": ENVIRONMENT,
    }
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "kernel.json", json.dumps(spec, indent=1) + "\n")


def quiet_lab(prefix):
    """JupyterLab neither asks about news nor fetches any."""
    settings = prefix / "share/jupyter/lab/settings"
    settings.mkdir(parents=True, exist_ok=True)
    path = settings / "overrides.json"
    try:
        overrides = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError:
        raise SystemExit(f"{path} is not JSON; mend or remove it, and run ./metarl setup again")
    overrides["@jupyterlab/apputils-extension:notification"] = {"fetchNews": "false", "checkForUpdates": False}
    write(path, json.dumps(overrides, indent=1) + "\n")


if __name__ == "__main__":
    with_spark = sys.argv[-1] == "--spark"
    if sys.argv[1] == "--java-options":
        print("\n".join(java_options(sys.argv[2], with_spark)))
    elif sys.argv[1] == "--class-path":
        print(class_path(pathlib.Path(sys.argv[2]), with_spark))
    elif sys.argv[1] == "--environment":
        print("\n".join(f"{name}={value}" for name, value in ENVIRONMENT.items()))
    else:
        install(pathlib.Path(sys.argv[1]), sys.argv[2], with_spark)
