"""A real Chromium, driven over its debugging pipe: no driver program, no port, no network."""

import base64
import itertools
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from saascore.packet.page import render_page
from saascore.packet.sections import document

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)
#: What a page may not cause.
FAULTS = {"Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Network.loadingFailed"}
AXE = Path(__file__).parents[2] / "node" / "node_modules" / "axe-core" / "axe.min.js"


class Browser:
    """One page of a browser, by the Chrome DevTools Protocol: JSON and a zero byte, on descriptors 3 and 4."""

    def __init__(self, program, profile):
        (reading, self._to), (self._from, writing) = os.pipe(), os.pipe()
        self._process = subprocess.Popen(
            [
                shutil.which("bash"),
                "-c",
                f'exec "$0" "$@" 3<&{reading} 4>&{writing}',
                program,
                *FLAGS,
                f"--user-data-dir={profile}",
                "about:blank",
            ],
            pass_fds=(reading, writing),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(reading)
        os.close(writing)
        self._numbers, self._rest, self._session, self.told = itertools.count(1), b"", None, []
        page = next(t for t in self.ask("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self._session = self.ask("Target.attachToTarget", targetId=page["targetId"], flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            self.ask(f"{domain}.enable")

    def ask(self, method, **params):
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while (answer := self._read()).get("id") != number:
            self.told.append(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def _read(self):
        while b"\0" not in self._rest:
            part = os.read(self._from, 1 << 20)
            assert part, "the browser has ended"
            self._rest += part
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def open(self, path, *, width=1200, media="", **features):
        """Open a file in a window of that width, under what media queries are told."""
        told = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.ask("Emulation.setEmulatedMedia", media=media, features=told)
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
        )
        self.told.clear()
        self.ask("Page.navigate", url=path.as_uri())
        while not any(one["method"] == "Page.loadEventFired" for one in self.told):
            self.told.append(self._read())

    def run(self, script):
        """Evaluate JavaScript; what it answers must be a JSON value."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key, *, code=0):
        for kind in ("keyDown", "keyUp"):
            text = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **text)

    def faults(self):
        return [one for one in self.told if one["method"] in FAULTS]

    def requests(self):
        return [
            one["params"]["request"]["url"]
            for one in self.told
            if one["method"] == "Network.requestWillBeSent"
        ]

    def picture(self):
        return base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"])

    def paper(self):
        return base64.b64decode(self.ask("Page.printToPDF")["data"])

    def close(self):
        self._session = None
        self.ask("Browser.close")
        self._process.wait(timeout=20)
        os.close(self._to)
        os.close(self._from)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("needs a Chromium on the path or in CHROMIUM: apt-get install chromium")
    opened = Browser(program, tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def axe():
    if not AXE.is_file():
        pytest.skip("needs the npm package axe-core: run npm ci in tests/node")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def cases(make_summaries, empty_summaries, longest_summaries):
    """Published summaries of every size that a report has to show."""
    return {
        "empty": empty_summaries,
        "one": make_summaries(1),
        "usual": make_summaries(300),
        "most": make_summaries(2000),
        "longest": longest_summaries,
    }


@pytest.fixture(scope="session")
def pages(cases, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for name, summaries in cases.items():
        (folder / f"{name}.html").write_text(render_page(document(summaries)), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in cases}
