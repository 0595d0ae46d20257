"""What belongs to a project besides its code: versions and pins agree, the files for conda, Binder and GitHub are well formed, and the example outside
notebooks builds against the installed artifacts and runs.

Usage: project_test.py ROOT        exit 0: all holds
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml


def check(name, holds, seen=""):
    print(f"   {'ok' if holds else 'NO'}  {name} {seen if not holds else ''}", flush=True)
    return bool(holds)


def version_of(pom):
    """Of the project itself, or of its parent where it says no other."""
    return re.search(r"<version>([^<]+)</version>", pom.read_text()).group(1)


def versions(root):
    """One version everywhere."""
    wanted = version_of(root / "pom.xml")
    cited = yaml.safe_load((root / "CITATION.cff").read_text())["version"]
    example = re.search(r"<artifactId>metarl</artifactId>\s*<version>([^<]+)<", (root / "examples/maven/pom.xml").read_text()).group(1)
    told = re.search(r"<artifactId>metarl</artifactId>\s*<version>([^<]+)<", (root / "examples/maven/README.md").read_text()).group(1)
    found = {str(p.relative_to(root)): version_of(p) for p in (root / "toolkit").glob("*/pom.xml")} | {
        "CITATION.cff": cited, "examples/maven/pom.xml": example, "examples/maven/README.md": told}
    wrong = {where: version for where, version in found.items() if version != wanted}
    return [check(f"version {wanted} everywhere", not wrong, wrong),
            check("the changes name it", f"{wanted}" in (root / "CHANGELOG.md").read_text())]


def pins(root):
    """The example's plugins are those of the toolkit; conda, Binder and requirements.txt ask for the same."""
    plugin = re.compile(r"<artifactId>(maven-[\w-]+-plugin)</artifactId>\s*<version>([^<]+)<")
    ours, theirs = (dict(plugin.findall((root / pom).read_text())) for pom in ("pom.xml", "examples/maven/pom.xml"))
    other = {name: version for name, version in theirs.items() if ours.get(name) != version}
    conda, binder = (yaml.safe_load((root / name).read_text()) for name in ("environment.yml", "binder/environment.yml"))
    plain = [d for d in conda["dependencies"] if isinstance(d, str)]
    pip = next(d["pip"] for d in conda["dependencies"] if isinstance(d, dict))
    lab = re.search(r"^jupyterlab==(\d+\.\d+)", (root / "requirements.txt").read_text(), re.MULTILINE).group(1)
    notebook = re.search(r"notebook==(\d+\.\d+)", (root / "binder/postBuild").read_text()).group(1)
    return [check("the example's plugins have the toolkit's versions", theirs and not other, other),
            check("conda and Binder ask for the same", plain == binder["dependencies"] and conda["channels"] == binder["channels"], f"{plain} {binder}"),
            check("conda installs requirements.txt", pip == ["-r requirements.txt"], pip),
            # notebook 7.x goes with JupyterLab 4.(x)
            check("Binder's notebook server fits JupyterLab", notebook.split(".")[1] == lab.split(".")[1], f"notebook {notebook}, JupyterLab {lab}"),
            check("Binder's script may be run", os.access(root / "binder/postBuild", os.X_OK))]


def templates(root):
    """GitHub shows an issue template only if its head is well formed."""
    wrong = []
    for path in sorted((root / ".github/ISSUE_TEMPLATE").glob("*.md")):
        head = yaml.safe_load(path.read_text().split("---")[1])
        if not all(head.get(key) for key in ("name", "about", "labels")):
            wrong.append(path.name)
    yaml.safe_load((root / ".github/ISSUE_TEMPLATE/config.yml").read_text())
    return [check("issue templates have a name, a purpose and a label", not wrong, wrong)]


def local_repository(root):
    """Where Maven keeps packages, as it says itself: settings, options and the home that Java sees may name a different place than HOME."""
    said = subprocess.run(["mvn", "-B", "-X", "-N", "-o", "validate"], cwd=root, capture_output=True, text=True).stdout
    return pathlib.Path(re.search(r"Using local repository at (.+)", said).group(1).strip())


def example(root, folder):
    """Installs the artifacts beside the packages that are here already, not among them, and builds and runs the example there."""
    here = local_repository(root)
    repository = folder / "repository"
    repository.mkdir()
    for group in here.iterdir():
        if group.name != "metarl":
            os.symlink(group, repository / group.name)
    environment = dict(os.environ, VIRTUAL_ENV=sys.prefix)
    maven = ["mvn", "-B", "-q", f"-Dmaven.repo.local={repository}"]
    # as the toolkit was built here
    without = [] if any((root / "toolkit/metarl/target/lib").glob("mujoco-java*.jar")) else ["-Dmujoco.skip=true"]
    install = subprocess.run([*maven, *without, "-DskipTests", "-Dcheckstyle.skip", "-Dformatter.skip", "-Dimpsort.skip", "install"], cwd=root, env=environment,
                             capture_output=True, text=True)
    results = [check("mvn install", install.returncode == 0 and (repository / "metarl/metarl").is_dir(), install.stdout[-1500:])]
    project = root / "examples/maven"
    build = subprocess.run([*maven, "package"], cwd=project, capture_output=True, text=True)
    results.append(check("the example builds with one dependency", build.returncode == 0, build.stdout[-1500:]))
    command = next(line for line in (project / "README.md").read_text().splitlines() if line.startswith("java "))
    seen = subprocess.run(command + " 600", shell=True, cwd=project, capture_output=True, text=True, timeout=300)
    picture = project / "target/learning-curve.png"
    results.append(check("and runs", seen.returncode == 0 and "ESS" in seen.stdout and picture.exists(), seen.stdout + seen.stderr))
    return results


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    results = versions(root) + pins(root) + templates(root)
    with tempfile.TemporaryDirectory(prefix="metarl-project-") as folder:
        results += example(root, pathlib.Path(folder))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
