"""Opens a notebook in JupyterLab in headless Chromium with the network cut, runs it in fast mode, and looks for a drawn curve and a table. Then: an
error and the stop button stop Run All, Shift-Tab and Tab show what a call is, every link opens, no figure is wider than its cell, a dark theme is pictured,
and a produced page shows its formulas.

Usage: browser_test.py ROOT NOTEBOOK        exit 0: seen, 1: not seen, 77: skipped because there is no Chromium
"""

import fcntl
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

import nbformat

import browser_comfort as comfort
from page import page_of

SKIPPED = 77
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]


def cut_network():
    """Moves this process into a network of its own with nothing but loopback; False where the system does not allow that."""
    if not hasattr(os, "unshare"):
        import ctypes
        new_network = 0x40000000
        if sys.platform != "linux" or ctypes.CDLL(None, use_errno=True).unshare(new_network) != 0:
            return False
    else:
        try:
            os.unshare(os.CLONE_NEWNET)
        except OSError:
            return False
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        # SIOCSIFFLAGS with IFF_UP | IFF_RUNNING: loopback starts switched off
        fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))
    return True


def wait_for(url, seconds):
    end = time.time() + seconds
    while time.time() < end:
        try:
            return urllib.request.urlopen(url, timeout=2).status
        except OSError:
            time.sleep(0.3)
    raise SystemExit(f"JupyterLab did not answer at {url} within {seconds} s")


def start_lab(folder, port, log):
    environment = dict(os.environ, METARL_FAST="true", JUPYTER_CONFIG_DIR=str(folder / "config"), JUPYTER_DATA_DIR=str(folder / "data"))
    # the server's folder is the project's, as in ./metarl lab
    command = [sys.executable, "-m", "jupyter", "lab", f"--ServerApp.root_dir={folder}", f"--ServerApp.preferred_dir={folder / 'notebooks'}", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0",
               "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True", "--LabApp.news_url=",
               "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)


def look(page, url, name, picture, seconds):
    """Runs all cells; returns what is on the page."""
    page.on("crash", lambda: print("the page crashed"))
    comfort.run_all(page, url, name, seconds)
    page.screenshot(path=str(picture))
    # walk through it and count what appears
    seen = {"curves": 0, "tables": 0, "titles": [], "errors": []}
    for share in comfort.scroll(page):
        page.screenshot(path=str(picture.with_stem(f"{picture.stem}-{share}")))
        for key, value in count(page).items():
            seen[key] = max(seen[key], value) if isinstance(value, int) else list(dict.fromkeys(seen[key] + value))
    return seen


def count(page):
    """What the part of the notebook that is drawn now holds."""
    return page.evaluate(
        """() => ({
            curves: document.querySelectorAll('.jp-RenderedPlotly svg.main-svg path.js-line').length,
            tables: document.querySelectorAll('.jp-OutputArea table').length,
            titles: [...document.querySelectorAll('.jp-RenderedPlotly .gtitle')].map(e => e.textContent),
            errors: [...document.querySelectorAll('[data-mime-type="application/vnd.jupyter.stderr"], .jp-RenderedText[data-mime-type*="error"]')].map(e => e.innerText.slice(0, 300)),
        })""")


def formulas(page, root, folder, outside):
    """What is wrong with the page of a notebook that has formulas."""
    path = root / "notebooks/04-drae.ipynb"
    if not path.exists():
        return []
    html = folder / "page.html"
    html.write_text(page_of(nbformat.read(path, 4), path), encoding="utf-8")
    before = len(outside)
    page.goto(html.as_uri(), wait_until="load")
    sizes = page.eval_on_selector_all("math", "all => all.map(m => m.getBoundingClientRect().height)")
    text = page.inner_text("main")
    wrong = [] if len(sizes) > 20 and min(sizes) > 5 else [f"formulas are not drawn: {sizes}"]
    if "$$" in text or "\\frac" in text:
        wrong.append("formulas are left as they were written")
    if len(outside) > before or "<script src" in html.read_text(encoding="utf-8"):
        wrong.append(f"the page fetches: {outside[before:]}")
    return wrong


def comforts(page, url, folder, kinds, name, build):
    """What is wrong with all else that a user meets in the lab; says how long each took."""
    def timed(what, check, *arguments):
        begin = time.time()
        found = check(*arguments)
        comfort.end_kernels(url)
        print(f"   {time.time() - begin:5.1f} s  {what}", flush=True)
        return found

    def asked():
        return comfort.stops_when_asked(page, url) + comfort.tells_about_calls(page, build / "browser-shift-tab.png") \
            + comfort.completes(page, build / "browser-tab.png")

    comfort.end_kernels(url)
    wrong = timed("an error stops Run All", comfort.stops_at_an_error, page, url)
    wrong += timed("the stop button, Shift-Tab, Tab", asked)
    wrong += timed("links", lambda: comfort.broken_links(url, folder) + comfort.opens_links(page, url, kinds))
    wrong += timed("figures", comfort.figures_fit, page, url, [name, "03-importance-weights.ipynb"])
    timed("the dark theme", comfort.in_the_dark, page, url, folder, name, build / "browser-dark.png")
    return wrong


def main():
    root, notebook = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    chromium = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
    if chromium is None:
        print("browser test skipped: Chromium is not installed (Debian: apt install chromium; macOS: brew install --cask chromium)")
        return SKIPPED
    from playwright.sync_api import sync_playwright

    cut = cut_network()
    flags = FLAGS if cut else [*FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"]
    outside = []
    folder = pathlib.Path(tempfile.mkdtemp(prefix="metarl-browser-")) / "metarl"
    # JupyterLab leaves a copy beside what it opens, so the project's own files are not what it opens
    shutil.copytree(root, folder, ignore=shutil.ignore_patterns(".*", "build", "target"))
    kinds = comfort.write_notebooks(folder)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    picture = root / "build" / f"browser-{notebook.stem}.png"
    picture.parent.mkdir(exist_ok=True)
    with open(root / "build/browser-lab.log", "w") as log:
        lab = start_lab(folder, port, log)
        try:
            url = f"http://localhost:{port}"
            wait_for(f"{url}/api", 60)
            with sync_playwright() as play:
                browser = play.chromium.launch(executable_path=chromium, args=flags)
                page = browser.new_page(viewport={"width": 1280, "height": 1600})
                # where all cores are busy
                page.set_default_timeout(60_000)
                page.on("request", lambda r: outside.append(r.url) if "localhost" not in r.url and r.url.startswith("http") else None)
                try:
                    seen = look(page, url, notebook.name, picture, 240)
                    wrong = comforts(page, url, folder, kinds, notebook.name, root / "build") + formulas(page, root, folder, outside)
                except Exception:
                    page.screenshot(path=str(picture.with_stem("browser-failed")))
                    print("the browser test stopped here: build/browser-failed.png; JupyterLab's output: build/browser-lab.log")
                    raise
                browser.close()
        finally:
            lab.terminate()
            lab.wait(20)
            shutil.rmtree(folder.parent, ignore_errors=True)
    print(f"browser test, network {'cut' if cut else 'mapped away'}: {seen}, asked outside: {outside}; picture: {picture.relative_to(root)}")
    for sentence in wrong:
        print(f"   NO  {sentence}")
    return 0 if seen["curves"] > 0 and seen["tables"] > 0 and not seen["errors"] and not outside and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
