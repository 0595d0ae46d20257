"""The API documentation: Javadoc of all rooms, and the page that leads there."""

import os
import re
import subprocess

MODULES = ("diagnose", "metarl", "mujoco-java", "spark")
# in the order in which a room may import those before it
ROOMS = ("basics", "diagnose", "chart", "env", "task", "data", "nn", "agent", "train", "sweep", "plot", "notebook", "spark")
TAG = re.compile(r"\{@(?:link|linkplain|code)\s+(?:[\w.]*\.)?(\w+)(?:\s+[^}]*)?\}")


def with_mujoco(root):
    return any((root / "toolkit/metarl/target/lib").glob("mujoco-java*.jar"))


def sources(root):
    """The folders of sources whose libraries are there: MuJoCo may have been left out, and Spark is there only where it was asked for."""
    there = {"mujoco-java": with_mujoco(root), "spark": any((root / "toolkit/spark/target/lib").glob("*.jar"))}
    return [root / "toolkit" / module / "src/main/java" for module in MODULES if there.get(module, True)]


def left_out(root):
    """Packages without documentation."""
    return ["org.mujoco.generated", *([] if with_mujoco(root) else ["metarl.env.mujoco"])]


def first_sentence(path):
    """The first sentence of a package's documentation, as Markdown."""
    comment = re.search(r"/\*\*(.*?)\*/", path.read_text(encoding="utf-8"), re.DOTALL).group(1)
    text = " ".join(line.strip().removeprefix("*").strip() for line in comment.strip().splitlines())
    return TAG.sub(r"`\1`", re.split(r"(?<=\.) ", text)[0])


def packages(root):
    """Pairs of name and package-info.java, in the order of the house."""
    found = {}
    for folder in sources(root):
        for path in folder.rglob("package-info.java"):
            found[".".join(path.parent.relative_to(folder).parts)] = path
    for name in left_out(root):
        found.pop(name, None)
    order = [*("metarl." + room for room in ROOMS), "org.mujoco"]

    def place(name):
        return next((i for i, room in enumerate(order) if name == room or name.startswith(room + ".")), len(order))

    return sorted(found.items(), key=lambda pair: (place(pair[0]), pair[0]))


def write_page(root, stage):
    rows = [f"<tr><td><a href=\"api/{name.replace('.', '/')}/package-summary.html\"><code>{name}</code></a></td><td>\n\n{first_sentence(path)}\n\n</td></tr>"
            for name, path in packages(root)]
    intro = (root / "toolkit/site/api.md").read_text(encoding="utf-8")
    table = "\n".join(["<table class=\"rooms\">", *rows, "</table>"])
    (stage / "api.md").write_text(f"{intro}\n{table}\n", encoding="utf-8")


def begin(root, folder):
    """Starts the javadoc tool; what it says is kept until the end."""
    classes = os.pathsep.join(str(root / "toolkit" / module / "target/lib/*") for module in ("metarl", "spark"))
    folder.mkdir(parents=True)
    command = ["javadoc", "-quiet", "-d", folder, "-encoding", "UTF-8", "-docencoding", "UTF-8", "-charset", "UTF-8", "-Xdoclint:all,-missing", "-Werror",
               "-notimestamp", "-nohelp", "-splitindex", "-windowtitle", "metarl", "-doctitle", "metarl: all rooms", "-header", '<a href="{@docRoot}/../index.html">metarl</a>',
               "-sourcepath", os.pathsep.join(map(str, sources(root))), "-classpath", classes,
               "-subpackages", "metarl:org.mujoco" if with_mujoco(root) else "metarl", "-exclude", ":".join(left_out(root)), "--add-stylesheet", root / "toolkit/site/javadoc.css"]
    return subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def ended(process, folder):
    """Whether the documentation is there without a warning."""
    said = process.communicate()[0].strip()
    if said:
        print(said)
        return False
    name_groups(folder / "constant-values.html")
    # of fonts that not every JDK brings along
    style = folder / "stylesheet.css"
    style.write_text(style.read_text(encoding="utf-8").replace("@import url('resources/fonts/dejavu.css');", ""), encoding="utf-8")
    return process.returncode == 0


def name_groups(page):
    """Gives the groups of constants the names that the tool's own list of contents leads to, where it left them out."""
    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub(r'<h2 title="([\w.]+)">', lambda h: h[0] if f'id="{h[1]}"' in text else f'<h2 id="{h[1]}" title="{h[1]}">', text), encoding="utf-8")
