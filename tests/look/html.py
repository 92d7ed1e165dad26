#!/usr/bin/env python3
"""Looks at report.html in a headless browser: at phone, laptop and print width, light and dark.

    tests/look/html.py [--shots DIR] [PAGE ...]

Without PAGE the report of samples/ is made with cargo. Fails on any message of the console, any violation of the
page's policy, any request beyond the page itself, a page wider than its window, text with too little contrast, a
nameless control, a script that does not sort and filter, a page that needs it, and a print that lacks the headline.
Skips with a notice where no Chromium is installed. Needs nothing but Python; pdftotext for the print.
"""

import argparse
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
FLAGS = [
    "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-default-browser-check",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe",
]
SIZES = [("phone", 390, 844), ("laptop", 1366, 800)]
SCHEMES = ["light", "dark"]

# A page on which every check must fail, or the checks check nothing.
CONTROL = """<!DOCTYPE html><html lang="en"><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src http:">
<title>control</title><body style="color:#ccc"><img src="http://control.invalid/x.png" alt="">
<h1>Control</h1><p>pale</p><button></button><pre>{wide}</pre><script>console.log(1)</script></body></html>"""

IN_WINDOW = "[document.documentElement.scrollWidth, innerWidth]"

# Texts whose colour is too near to that of their ground (WCAG 2.1, 1.4.3), with what they are.
CONTRAST = r"""(() => {
  const parts = (c) => (c.match(/[\d.]+/g) || []).map(Number);
  const over = (top, under) => {
    const a = top.length > 3 ? top[3] : 1;
    return [0, 1, 2].map((i) => top[i] * a + under[i] * (1 - a));
  };
  const light = (c) => {
    const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => {
    const layers = [];
    for (let at = e; at; at = at.parentElement) {
      const c = parts(getComputedStyle(at).backgroundColor);
      if (c.length < 4 || c[3] > 0) layers.push(c);
      if (c.length === 3) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const bad = new Map();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !e.checkVisibility() || e.closest("script,style,.sr,svg,option")) continue;
    const style = getComputedStyle(e);
    const [a, b] = [over(parts(style.color), ground(e)), ground(e)].map(light).sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) {
      bad.set(e.tagName + "." + e.className, ratio.toFixed(2) + " " + walk.currentNode.textContent.trim().slice(0, 30));
    }
  }
  return [...bad].map(([k, v]) => k + ": " + v);
})()"""

# Sorts and filters the first table that can be; answers what is wrong.
WORKS = r"""(() => {
  const wrong = [];
  const copies = document.querySelectorAll("code.copy").length;
  if (copies !== document.querySelectorAll("button.copy").length) wrong.push("copy buttons are missing");
  const table = document.querySelector("table.data");
  if (!table) return wrong;
  const heads = table.tHead.rows[0].cells;
  const column = [...heads].findIndex((h) => h.classList.contains("num"));
  const button = column >= 0 && heads[column].querySelector("button");
  if (!button) return wrong.concat("no column can be sorted");
  const numbers = () => [...table.tBodies[0].rows].map((r) => parseFloat(r.cells[column].textContent.replace(/,/g, "")));
  for (const [direction, sign] of [["descending", -1], ["ascending", 1]]) {
    button.click();
    const got = numbers();
    const wanted = [...got].sort((a, b) => sign * (a - b));
    if (heads[column].getAttribute("aria-sort") !== direction) wrong.push("aria-sort is not " + direction);
    if (String(got) !== String(wanted)) wrong.push("not sorted " + direction);
  }
  const input = document.querySelector("p.filter input");
  if (input) {
    const rows = [...input.closest(".filter").nextElementSibling.querySelectorAll("tbody tr")];
    input.value = rows[0].cells[0].textContent;
    input.dispatchEvent(new Event("input"));
    if (rows[0].hidden || !rows.some((r) => r.hidden)) wrong.push("the filter filters nothing");
    input.value = "";
    input.dispatchEvent(new Event("input"));
    if (rows.some((r) => r.hidden)) wrong.push("rows stay hidden");
  }
  return wrong;
})()"""


class Browser:
    """A headless browser at the other end of two pipes (Chrome DevTools Protocol)."""

    def __init__(self, program, profile):
        to_read, self.out = os.pipe()
        self.into, to_write = os.pipe()
        # Descriptors 3 and 4 are what the browser expects; theirs may lie there already.
        to_read, to_write = [self._high(fd) for fd in (to_read, to_write)]

        def hand_over():
            os.dup2(to_read, 3)
            os.dup2(to_write, 4)

        flags = FLAGS + [f"--user-data-dir={profile}"] + (["--no-sandbox"] if os.geteuid() == 0 else [])
        self.process = subprocess.Popen(
            [program, *flags, "about:blank"], preexec_fn=hand_over, pass_fds=(3, 4),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.rest, self.last, self.events, self.session = b"", 0, [], None

    @staticmethod
    def _high(fd):
        import fcntl
        high = fcntl.fcntl(fd, fcntl.F_DUPFD, 20)
        os.close(fd)
        return high

    def read(self, seconds):
        until = time.monotonic() + seconds
        while b"\0" not in self.rest:
            wait = until - time.monotonic()
            if wait <= 0 or not select.select([self.into], [], [], wait)[0]:
                return None
            data = os.read(self.into, 1 << 20)
            if not data:
                raise SystemExit("the browser ended")
            self.rest += data
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.last += 1
        message = {"id": self.last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        while True:
            answer = self.read(60)
            if answer is None:
                raise SystemExit(f"no answer to {method}")
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def open(self, url, width, height, scheme, script=True):
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network", "Audits", "DOM"]:
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self.events.clear()
        self.call("Page.navigate", url=url)
        until = time.monotonic() + 60
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            event = self.read(until - time.monotonic())
            if event is None:
                raise SystemExit(f"{url} does not load")
            self.events.append(event)
        time.sleep(0.2)
        return target

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise SystemExit(f"the check itself fails: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def close(self, target):
        self.session = None
        self.call("Target.closeTarget", targetId=target)

    def end(self):
        self.session = None
        try:
            self.call("Browser.close")
            self.process.wait(20)
        except (SystemExit, OSError, subprocess.TimeoutExpired):
            self.process.kill()


def complaints(events, url):
    """What the browser had to say, and what it asked for beyond the page."""
    found = []
    for event in events:
        method, params = event.get("method"), event.get("params", {})
        if method == "Log.entryAdded":
            found.append("console: " + params["entry"]["text"])
        elif method == "Runtime.consoleAPICalled":
            found.append("console: " + str([a.get("value") for a in params["args"]]))
        elif method == "Runtime.exceptionThrown":
            found.append("exception: " + params["exceptionDetails"]["text"])
        elif method == "Audits.issueAdded":
            found.append(f"issue: {params['issue']['code']} {json.dumps(params['issue']['details'])[:200]}")
        elif method == "Network.requestWillBeSent":
            asked = params["request"]["url"]
            if asked != url and not asked.startswith("data:"):
                found.append("request: " + asked)
    return found


def nameless(browser):
    """Controls without a name for those who hear the page."""
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    wanted = {"button", "link", "searchbox", "textbox", "image", "img", "region"}
    lacking = []
    for node in nodes:
        role = node.get("role", {}).get("value")
        if not node.get("ignored") and role in wanted and not node.get("name", {}).get("value"):
            lacking.append(f"a nameless {role}")
    return sorted(set(lacking))


def looked_at(browser, url, size, scheme, shots):
    """All that is wrong with a page at one width in one scheme."""
    name, width, height = size
    target = browser.open(url, width, height, scheme)
    wrong = complaints(browser.events, url)
    for state in ["folded", "unfolded"]:
        if state == "unfolded":
            browser.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        page, window = browser.evaluate(IN_WINDOW)
        if page > window:
            wrong.append(f"{state}: {page} pixels wide in a window of {window}")
        wrong += [f"{state}: contrast {text}" for text in browser.evaluate(CONTRAST)]
        if shots:
            picture = browser.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
            stem = pathlib.Path(url).parent.name
            (shots / f"{stem}-{name}-{scheme}-{state}.png").write_bytes(base64.b64decode(picture))
    wrong += nameless(browser)
    wrong += browser.evaluate(WORKS)
    wrong += [c for c in complaints(browser.events, url) if c not in wrong]
    browser.close(target)
    return [f"{name}, {scheme}: {text}" for text in wrong]


def without_script(browser, url):
    """The page must be whole where no script runs, and show no button that does nothing."""
    target = browser.open(url, 1366, 800, "light", script=False)
    root = browser.call("DOM.getDocument")["root"]["nodeId"]

    def count(selector):
        return len(browser.call("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"])

    wrong = [] if count("button, input") == 0 else ["without script: dead buttons"]
    if count("main h1") != 1 or count("main section h2") < 3:
        wrong.append("without script: parts are missing")
    browser.close(target)
    return wrong


def printed(browser, url, shots):
    """The print must hold the headline, and a table's rows although they were folded."""
    target = browser.open(url, 1366, 800, "light")
    headline = browser.evaluate("document.querySelector('h1').textContent")
    first = browser.evaluate("(document.querySelector('details.table:not([open]):not(.drawn) td.text') || {}).textContent || ''")
    data = browser.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"]
    browser.close(target)
    pdftotext = shutil.which("pdftotext")
    if not pdftotext:
        print("notice: no pdftotext, the words of the print are not looked at")
        return []
    with tempfile.TemporaryDirectory() as folder:
        pdf = pathlib.Path(folder, "page.pdf")
        pdf.write_bytes(base64.b64decode(data))
        if shots:
            shutil.copy(pdf, shots / (pathlib.Path(url).parent.name + ".pdf"))
        text = subprocess.run([pdftotext, "-layout", pdf, "-"], capture_output=True, check=True).stdout.decode()

    def bare(words):
        return "".join(words.split())

    wrong = []
    if bare(headline)[:60] not in bare(text):
        wrong.append("print: the headline is missing")
    if bare(first)[:20] not in bare(text):
        wrong.append(f"print: a folded table is missing: {first!r}")
    return wrong


def control(browser, folder):
    """The checks on a page that is wrong in every way."""
    page = pathlib.Path(folder, "control.html")
    page.write_text(CONTROL.format(wide="x" * 4000))
    url = page.as_uri()
    target = browser.open(url, 390, 844, "light")
    seen = complaints(browser.events, url)
    missed = [kind for kind in ["request: ", "console: "] if not any(s.startswith(kind) for s in seen)]
    page_width, window = browser.evaluate(IN_WINDOW)
    if page_width <= window:
        missed.append("width")
    browser.evaluate("document.body.setAttribute('class', 'x')")
    if not nameless(browser):
        missed.append("names")
    browser.close(target)
    pale = pathlib.Path(folder, "pale.html")
    pale.write_text("<!DOCTYPE html><title>x</title><body style='color:#ccc'><p>pale</p></body>")
    target = browser.open(pale.as_uri(), 390, 844, "light")
    if not browser.evaluate(CONTRAST):
        missed.append("contrast")
    browser.close(target)
    return [f"the check itself does not see: {kind}" for kind in missed]


def make_report(folder):
    arguments = ["cargo", "run", "--quiet", "--locked", "--no-default-features", "--features", "cli", "--"]
    out = pathlib.Path(folder, "samples")
    subprocess.run([*arguments, "analyze", "samples", "--quiet", "-o", str(out)], cwd=ROOT, check=True)
    return out / "report.html"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shots", type=pathlib.Path, help="keep pictures and the print in this folder")
    parser.add_argument("pages", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not program:
        print("skipped: no Chromium is installed, so that report.html is not looked at")
        return 0
    if arguments.shots:
        arguments.shots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        pages = [p.resolve() for p in arguments.pages] or [make_report(folder)]
        browser = Browser(program, pathlib.Path(folder, "profile"))
        wrong = control(browser, folder)
        for page in pages:
            url = page.as_uri()
            found = []
            for size in SIZES:
                for scheme in SCHEMES:
                    found += looked_at(browser, url, size, scheme, arguments.shots)
            found += without_script(browser, url) + printed(browser, url, arguments.shots)
            wrong += [f"{page.parent.name}/{page.name}: {text}" for text in found]
        browser.end()
    for text in wrong:
        print(text, file=sys.stderr)
    looks = len(pages) * (len(SIZES) * len(SCHEMES) + 2)
    print(f"report.html: {len(pages)} page(s), {looks} looks, {len(wrong)} fault(s)")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
