"""The three engines, each with a device that does what people do: Chromium and Firefox by Playwright, WebKit by its own
driver. Debian has all three.

A journey that is written for a `Device` runs in all of them. The connection is cut at a gate between browser and
server, so that no browser has to help with it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ElementHandle, Page, Playwright, sync_playwright

from tests import clock

PATIENCE = 30  # seconds: a machine that is busy is not a bug
# Chromium without its windows takes a third less of the processor.
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
WEBKIT = shutil.which("WebKitWebDriver")
SHIM = Path(__file__).with_name("firefox.cjs")
SIZE = (390, 844)
STARTED = "body:not(:has([data-module][data-src]:not([data-ready])))"  # every script of the page

# What somebody reads on the page, and what stands at a label, as all three engines are asked for it.
TEXT = "document.body?.innerText ?? ''"
AT_LABEL = """
const [words] = arguments;
const labels = [...document.querySelectorAll("label")].filter((one) => one.textContent.trim().startsWith(words));
return labels[0]?.control;
"""
TO_PRESS = """
const [words, part] = arguments;
const places = part ? [...document.querySelectorAll("[data-place]")].filter((one) =>
  one.querySelector("h2").textContent.trim() === part) : [document];
const all = places.flatMap((place) => [...place.querySelectorAll("main button, main a, summary, button, a")]);
return all.find((one) => one.textContent.trim() === words && one.checkVisibility());
"""


class Gate:
    """Where the browser connects; behind it is the server. Cut, it hangs up on everybody."""

    def __init__(self, port: int) -> None:
        self.to = port
        self.is_cut = False
        self.open: set[socket.socket] = set()
        self.door = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.url = f"http://localhost:{self.door.getsockname()[1]}"
        threading.Thread(target=self.wait, daemon=True).start()

    def wait(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self.pass_on, args=[self.door.accept()[0]], daemon=True).start()

    def pass_on(self, caller: socket.socket) -> None:
        with caller, suppress(OSError):
            if self.is_cut:
                return
            with socket.create_connection(("127.0.0.1", self.to)) as server:
                self.open |= {caller, server}
                back = threading.Thread(target=self.copy, args=[server, caller], daemon=True)
                back.start()
                self.copy(caller, server)
                back.join()
                self.open -= {caller, server}

    @staticmethod
    def copy(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self, off: bool = True) -> None:
        self.is_cut = off
        for connection in list(self.open) if off else []:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.cut()
        self.door.close()


class Device(ABC):
    """Somebody's phone, 390 px wide where the engine allows it."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    @abstractmethod
    def go(self, path: str) -> None: ...

    @abstractmethod
    def reload(self) -> None: ...

    @abstractmethod
    def back(self) -> None: ...

    @abstractmethod
    def ask(self, script: str, *given: Any) -> Any:
        """What the script returns."""

    @abstractmethod
    def click(self, script: str, *given: Any) -> None:
        """What the script returns is clicked, as a finger does."""

    @abstractmethod
    def fill(self, script: str, words: str, *given: Any) -> None:
        """The words are typed into what the script returns, instead of what stood there."""

    @abstractmethod
    def sign_in(self, name: str, value: str) -> None: ...

    @abstractmethod
    def close(self) -> None: ...

    def press(self, words: str, part: str = "") -> None:
        """`part`: the row of a register."""
        self.offers(words, part)
        self.click(TO_PRESS, words, part)

    def offers(self, words: str, part: str = "") -> None:
        found = f"return Boolean((function () {{ {TO_PRESS} }})(...arguments))"
        self.until(lambda: self.ask(found, words, part), f"{words} {part}")

    def write(self, label: str, words: str) -> None:
        self.fill(AT_LABEL, words, label)

    def choose(self, label: str) -> None:
        self.click(AT_LABEL, label)

    def reads(self, words: str) -> None:
        self.until(lambda: words in " ".join(self.ask(f"return {TEXT}").split()), words)

    def does_not_read(self, words: str) -> None:
        assert words not in self.ask(f"return {TEXT}"), words

    def row(self, name: str, words: str) -> None:
        """A row of the register says this."""
        script = """
            const rows = [...document.querySelectorAll("[data-place]")];
            const row = rows.find((one) => one.querySelector("h2").textContent.trim() === arguments[0]);
            return row?.querySelector(".register-row__state").textContent ?? "";
        """
        self.until(lambda: words in self.ask(script, name), f"{name}: {words}")

    def holds(self, label: str) -> Any:
        """What was typed there, or whether it is chosen."""
        script = f"const one = (function () {{ {AT_LABEL} }})(...arguments);"
        return self.ask(script + "return ['radio', 'checkbox'].includes(one?.type) ? one.checked : one?.value", label)

    def cut(self, off: bool = True) -> None:
        self.gate.cut(off)

    def fits(self) -> bool:
        return bool(self.ask("return document.documentElement.scrollWidth <= document.documentElement.clientWidth"))

    def until(self, holds: Callable[[], Any], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not self.calm(holds):
            assert time.monotonic() < end, f"Never came: {what}. There is: {self.ask(f'return {TEXT}')[:1500]}"
            time.sleep(0.05)

    @staticmethod
    def calm(holds: Callable[[], Any]) -> Any:
        """Between two pages there is nobody to ask."""
        try:
            return holds()
        except AssertionError:
            raise
        except Exception:  # each driver has errors of its own for it
            return False


class ByPlaywright(Device):
    def __init__(self, gate: Gate, browser: Browser, javascript: bool = True) -> None:
        super().__init__(gate)
        wide, high = SIZE
        size = {"width": wide, "height": high}
        self.context = browser.new_context(viewport=size, base_url=gate.url, java_script_enabled=javascript)
        self.context.set_default_timeout(1000 * PATIENCE)
        self.page: Page = self.context.new_page()
        self.page.on("dialog", lambda dialog: dialog.accept())

    def go(self, path: str) -> None:
        self.page.goto(path)

    def reload(self) -> None:
        self.page.reload()

    def back(self) -> None:
        # Firefox brings a page back as it was; the way of Playwright waits for it to load.
        self.page.evaluate("void setTimeout(() => history.back())")

    def ask(self, script: str, *given: Any) -> Any:
        return self.page.evaluate(f"(given) => (function () {{ {script} }})(...given)", list(given))

    def click(self, script: str, *given: Any) -> None:
        self.element(script, *given).click()

    def fill(self, script: str, words: str, *given: Any) -> None:
        self.element(script, *given).fill(words)

    def element(self, script: str, *given: Any) -> ElementHandle:
        found = self.page.evaluate_handle(
            f"(given) => (function () {{ {script} }})(...given)", list(given)
        ).as_element()
        assert found, given
        return found

    def sign_in(self, name: str, value: str) -> None:
        self.context.add_cookies([{"name": name, "value": value, "url": self.gate.url}])

    def close(self) -> None:
        self.context.close()


class ByWebDriver(Device):
    def __init__(self, gate: Gate, driver: Any) -> None:
        super().__init__(gate)
        self.driver = driver
        driver.set_window_size(*SIZE)

    def go(self, path: str) -> None:
        self.driver.get(path if ":" in path else self.gate.url + path)

    def reload(self) -> None:
        self.driver.refresh()

    def back(self) -> None:
        self.driver.back()

    def ask(self, script: str, *given: Any) -> Any:
        return self.driver.execute_script(script, *given)

    def click(self, script: str, *given: Any) -> None:
        element = self.driver.execute_script(script, *given)
        assert element, given
        self.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", element)
        element.click()

    def fill(self, script: str, words: str, *given: Any) -> None:
        element = self.driver.execute_script(script, *given)
        assert element, given
        self.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", element)
        element.clear()
        element.send_keys(words)

    def sign_in(self, name: str, value: str) -> None:
        self.go("/healthz")  # a cookie is set for the page that is open
        self.driver.add_cookie({"name": name, "value": value, "path": "/"})

    def close(self) -> None:
        self.driver.quit()


def missing(engine: str) -> str:
    """Why this engine cannot be had here, or nothing."""
    if engine == "firefox" and not FIREFOX:
        return "Firefox is not installed here: apt-get install firefox-esr"
    if engine == "webkit" and not (WEBKIT and shutil.which("Xvfb")):
        return "WebKit's driver is not installed here: apt-get install webkit2gtk-driver xvfb"
    return ""


@contextmanager
def playwright() -> Iterator[Playwright]:
    """One for all browsers that it drives. Its Node.js reads our shim before it."""
    before = os.environ.get("NODE_OPTIONS")
    os.environ["NODE_OPTIONS"] = f"--require {SHIM}"
    with clock.real_for_children(), ExitStack() as stack:
        try:
            started = stack.enter_context(sync_playwright())
        finally:
            os.environ.pop("NODE_OPTIONS")
            if before is not None:
                os.environ["NODE_OPTIONS"] = before
        yield started


@contextmanager
def firefox(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.firefox.launch(channel="moz-firefox", executable_path=FIREFOX)
    yield browser
    browser.close()


@contextmanager
def screen() -> Iterator[str]:
    """WebKit's browser wants one to draw on."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout
        try:
            yield ":" + server.stdout.readline().strip()
        finally:
            server.terminate()


def webkit(display: str) -> Any:
    from selenium import webdriver

    service = webdriver.WebKitGTKService(WEBKIT, env={**os.environ, "DISPLAY": display})
    with clock.real_for_children(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # selenium warns of what it does itself
        driver = webdriver.WebKitGTK(options=webdriver.WebKitGTKOptions(), service=service)
    driver.set_script_timeout(PATIENCE)
    return driver
