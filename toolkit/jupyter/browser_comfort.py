"""What the browser test looks at besides the quickstart: stop and error, Shift-Tab and Tab, links, how wide figures are, the dark theme.

Each function works on a page of JupyterLab (Playwright) and returns sentences on what is wrong.
"""

import json
import re
import urllib.error
import urllib.parse
import urllib.request

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
METADATA = {"kernelspec": {"name": "metarl", "display_name": "Java (meta-RL)", "language": "java"}}
STAR = "() => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].some(p => p.textContent.includes('*'))"
NO_STAR = ("() => document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle' && "
           "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].every(p => !p.textContent.includes('*'))")
OUTPUTS = "cells => cells.map(c => c.querySelector('.jp-OutputArea')?.innerText ?? '')"
# a training that would take minutes, and two cells that wait for it
TRAINING = """System.setProperty("metarl.fast", "false");
var run = MetaTraining.on(TaskSet.of(PointRobot.dense()).train(10).test(3).sample(7)).algorithm(Mql.pointRobot())
    .steps(1_000_000).evaluateEvery(50_000).saveTo("stopped-run").listen(new ProgressBar()).run();"""
# the bar marks where the cursor stands, and what is to be shown
CALLS = (
    ("TaskSet.of(Point|Robot.dense())", "PEARL's point robots"),
    ("TaskSet.of(|PointRobot.dense())", "Starts to describe a task set"),
    ("TaskSet.of(PointRobot.dense()).train(|3)", "train(int count)"),
    ("ImportanceWeights.of(|new double[] {1, 2})", "IllegalArgumentException"),
    ("new Progress(|1, 2, \"\", Map.of())", "environment steps planned"),
)
TAB = "TaskSet.of(PointRobot.dense()).tr"


def cell(source, number):
    return {"cell_type": "code", "id": f"c{number}", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def notebook(path, sources, markdown=""):
    cells = [{"cell_type": "markdown", "id": "m", "metadata": {}, "source": markdown}] if markdown else []
    cells += [cell(source, i) for i, source in enumerate(sources)]
    path.write_text(json.dumps({"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")


def write_notebooks(folder):
    """One whose first cell fails; one whose first cell trains for long, with calls to ask about below it; one with a link of each kind."""
    fails = 'throw new IllegalStateException("stop here");'
    rest = ['System.out.println("second");', 'System.out.println("third");']
    notebook(folder / "notebooks/stops.ipynb", [fails, *rest])
    notebook(folder / "notebooks/trains.ipynb", [TRAINING, *rest, *(code.replace("|", "") for code, _ in CALLS), TAB])
    first = {}
    for target in targets(folder):
        first.setdefault(kind(target), target)
    notebook(folder / "notebooks/links.ipynb", [], "\n\n".join(f"[{k}](../{t})" for k, t in sorted(first.items())))
    return first


# --- links ---

def kind(target):
    return target.rsplit("/", 1)[-1].rsplit(".", 1)[-1]


def links(text):
    return [t.split("#")[0] for t in LINK.findall(text) if not re.match(r"[a-z]+:|#", t)]


def targets(folder):
    """Where the links of all notebooks lead, and those of the pages they lead to, from the project's folder."""
    found, waiting = set(), sorted(p.relative_to(folder).as_posix() for p in (folder / "notebooks").glob("[0-9]*.ipynb"))
    while waiting:
        page = waiting.pop()
        file = folder / page
        if page in found or not file.is_file():
            found.add(page)
            continue
        found.add(page)
        if page.endswith(".ipynb"):
            text = "\n\n".join("".join(c["source"]) for c in json.loads(file.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "markdown")
        elif page.endswith(".md"):
            text = file.read_text(encoding="utf-8")
        else:
            continue
        beside = urllib.parse.urlsplit(page).path.rsplit("/", 1)[0] if "/" in page else ""
        for link in links(text):
            waiting.append(normal(f"{beside}/{urllib.parse.unquote(link)}"))
    return sorted(found)


def normal(path):
    parts = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def broken_links(url, folder):
    """Every target must be something that the lab's server can open."""
    wrong = []
    for target in targets(folder):
        try:
            urllib.request.urlopen(f"{url}/api/contents/{urllib.parse.quote(target)}?content=0", timeout=20)
        except urllib.error.HTTPError as e:
            wrong.append(f"a link leads to {target}, which the lab cannot open ({e.code})")
    return wrong


def opens_links(page, url, kinds):
    """One link of each kind is clicked and must open a tab."""
    wrong = []
    show(page, url, "links.ipynb")
    for name, target in sorted(kinds.items()):
        # a page that still draws a table is not "stable" for long, but takes clicks
        page.click(".lm-TabBar-tabLabel:text-is('links.ipynb')", force=True)
        page.click(f".jp-RenderedMarkdown a:text-is('{name}')", force=True)
        try:
            page.wait_for_selector(f".lm-TabBar-tabLabel:text-is('{target.rsplit('/', 1)[-1]}')", timeout=30_000)
        except Exception:
            wrong.append(f"a link to {target} opens nothing")
    return wrong


# --- running ---

def show(page, url, name):
    page.goto(f"{url}/lab/tree/notebooks/{name}?reset", wait_until="domcontentloaded")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)


def start_all(page, url, name):
    """Opens a notebook and runs all its cells."""
    show(page, url, name)
    # before the kernel is connected, running cells would ask for one; a Java kernel's state is unknown until its first cell
    page.wait_for_function("() => /\\| (Idle|Unknown)/.test(document.querySelector('#jp-main-statusbar')?.innerText)", timeout=60_000)
    page.click(".lm-MenuBar-itemLabel:text-is('Run')")
    page.click(".lm-Menu-itemLabel:text-is('Run All Cells')")
    # a prompt is [*] while its cell waits or runs, and stored outputs have a number already: so look for a star first
    page.wait_for_function(STAR, timeout=30_000)


def run_all(page, url, name, seconds):
    """The same, and waits until none is left to run."""
    start_all(page, url, name)
    page.wait_for_function(NO_STAR, timeout=seconds * 1000)


def end_kernels(url):
    """What is looked at next shall not share the machine with the kernels of before."""
    for session in json.load(urllib.request.urlopen(f"{url}/api/sessions", timeout=20)):
        urllib.request.urlopen(urllib.request.Request(f"{url}/api/sessions/{session['id']}", method="DELETE"), timeout=30)


def stops_at_an_error(page, url):
    run_all(page, url, "stops.ipynb", 90)
    outputs = page.eval_on_selector_all(".jp-CodeCell", OUTPUTS)
    if "stop here" not in outputs[0] or any(text.strip() for text in outputs[1:]):
        return [f"Run All went on after an error: {outputs}"]
    return []


def stops_when_asked(page, url):
    """The stop button during the first training."""
    start_all(page, url, "trains.ipynb")
    page.wait_for_function("() => /· [1-9][\\d,]* of 1,000,000 steps/.test(document.querySelector('.jp-OutputArea')?.innerText)", timeout=90_000)
    page.click("[data-jp-item-name='interrupt']")
    page.wait_for_function(NO_STAR, timeout=30_000)
    wrong = []
    try:
        page.wait_for_function("() => /interrupted, kept to step [\\d,]+ in .*stopped-run; run the cell again to go on/"
                               ".test(document.querySelector('.jp-OutputArea')?.innerText)", timeout=30_000)
    except Exception:
        wrong.append("the bar of a stopped training does not say what was kept")
    outputs = page.eval_on_selector_all(".jp-CodeCell", OUTPUTS)
    if any(text.strip() for text in outputs[1:]):
        wrong.append(f"Run All went on after it was stopped: {outputs}")
    return wrong


# --- writing ---

def place(page, number, code):
    """Puts the cursor where the bar stands in the code of a cell."""
    editor = page.locator(".jp-CodeCell").nth(number).locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+End")
    for _ in range(len(code) - 1 - code.index("|")):
        page.keyboard.press("ArrowLeft")
    return editor


def tells_about_calls(page, picture):
    """Shift-Tab, in the notebook that was stopped."""
    wrong = []
    for i, (code, expected) in enumerate(CALLS):
        place(page, 3 + i, code)
        page.keyboard.press("Shift+Tab")
        try:
            tip = page.wait_for_selector(".jp-Tooltip", timeout=15_000).inner_text()
        except Exception:
            tip = ""
        page.screenshot(path=str(picture.with_stem(f"{picture.stem}-{i}")))
        if expected not in tip:
            wrong.append(f"Shift-Tab at {code} shows {tip!r}, without '{expected}'")
        page.keyboard.press("Escape")
        page.wait_for_selector(".jp-Tooltip", state="detached", timeout=15_000)
    return wrong


def completes(page, picture):
    """Tab lists a method with its parameters, and Enter inserts its name and the bracket."""
    editor = place(page, 3 + len(CALLS), TAB + "|")
    page.keyboard.press("Tab")
    try:
        page.wait_for_selector(".jp-Completer-item:has-text('train(int count)')", timeout=15_000)
    except Exception:
        return ["Tab lists no train(int count)"]
    page.screenshot(path=str(picture))
    page.keyboard.press("Enter")
    page.wait_for_selector(".jp-Completer", state="hidden", timeout=15_000)
    text = editor.inner_text().strip()
    return [] if text == "TaskSet.of(PointRobot.dense()).train(" else [f"Tab made {text!r}"]


# --- seeing ---

TOO_WIDE = """() => [...document.querySelectorAll('.jp-OutputArea-output')].filter(o => o.getBoundingClientRect().width > 0).flatMap(o => {
    const area = o.getBoundingClientRect(), room = o.clientWidth;
    return [...o.querySelectorAll('img, svg, canvas, .js-plotly-plot')].filter(f => f.getBoundingClientRect().width > 0)
        .map(f => ({at: Math.round(f.getBoundingClientRect().right - area.left), room: room, seen: f.tagName + ' ' + (f.alt || f.textContent || '').slice(0, 60)}));
})"""


def scroll(page):
    """Walks through a notebook, which draws only what is near the window."""
    for share in range(8):
        page.evaluate("share => { const n = document.querySelector('.jp-WindowedPanel-outer') || document.querySelector('.jp-Notebook'); n.scrollTop = n.scrollHeight * share / 8; }", share)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        # a chart is a picture until the mouse enters it
        page.evaluate("() => document.querySelectorAll('.jp-RenderedPlotly, .jp-RenderedPlotly img').forEach(e => e.dispatchEvent(new MouseEvent('mouseenter')))")
        page.wait_for_timeout(700)
        yield share


def figures_fit(page, url, names):
    """No figure is wider than its cell, with the outputs that are stored."""
    wrong = []
    for name in names:
        show(page, url, name)
        found = {}
        for _ in scroll(page):
            for figure in page.evaluate(TOO_WIDE):
                found[figure["seen"]] = max(found.get(figure["seen"], (0, 0)), (figure["at"], figure["room"]))
        wrong += [f"{name}: a figure ends at {at} of {room} pixels: {what}" for what, (at, room) in found.items() if at > room + 1]
        if not found:
            wrong.append(f"{name} shows no figure")
    return wrong


def in_the_dark(page, url, folder, name, picture):
    """Pictures of a notebook in the dark theme, to be looked at."""
    settings = folder / "config/lab/user-settings/@jupyterlab/apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "themes.jupyterlab-settings").write_text('{"theme": "JupyterLab Dark"}')
    show(page, url, name)
    page.wait_for_selector("body[data-jp-theme-light='false']", state="attached", timeout=60_000)
    page.wait_for_selector(".jp-Notebook .jp-OutputArea-output", timeout=60_000)
    for share in scroll(page):
        page.screenshot(path=str(picture.with_stem(f"{picture.stem}-{share}")))
