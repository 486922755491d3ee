"""Take the README's pictures of the real product, filled in with the demo firm, into docs/images.

    .venv/bin/python tools/screenshots.py [--chromium PATH] [--keep FOLDER]

It makes a scratch installation, fills the demo in, serves it on a free port, and takes each picture as the person
whose screen it is. `--keep` names a folder to make the installation in and leave there, for another look.
Needs Playwright (make .venv/stamps/browser) and the system's Chromium.
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
ECUANIME = [sys.executable, "-m", "ecuanime.cli"]
LARGEST = 250 * 1000
PASSWORD = "una demo sin secretos"  # noqa: S105  # the demo shows it on its sign-in page
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
ANSWER_SECONDS = 120
FEW_COLOURS = """async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height), drawing = canvas.getContext("2d");
  drawing.drawImage(image, 0, 0);
  const bytes = drawing.getImageData(0, 0, image.width, image.height).data;
  const counts = new Map(), colours = new Uint32Array(bytes.length / 4);
  for (let at = 0; at < colours.length; at++) {
    const colour = (bytes[4 * at] << 16) | (bytes[4 * at + 1] << 8) | bytes[4 * at + 2];
    colours[at] = colour;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const kept = [...counts].sort((one, other) => other[1] - one[1]).slice(0, 256).map(([colour]) => colour);
  const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const far = (one, other) => parts(one).reduce((sum, part, at) => sum + (part - parts(other)[at]) ** 2, 0);
  const nearest = new Map(kept.map((colour, index) => [colour, index]));
  for (const colour of counts.keys()) {
    if (nearest.has(colour)) continue;
    let best = 0, distance = Infinity;
    kept.forEach((other, index) => {
      const away = far(colour, other);
      if (away < distance) [best, distance] = [index, away];
    });
    nearest.set(colour, best);
  }
  const pixels = Uint8Array.from(colours, (colour) => nearest.get(colour));
  let text = "";
  for (let at = 0; at < pixels.length; at += 8192) text += String.fromCharCode(...pixels.subarray(at, at + 8192));
  return [image.width, image.height, kept.flatMap(parts), btoa(text)];
}"""


def main() -> int:
    """0 when all pictures were taken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="the browser's program")
    parser.add_argument("--keep", type=Path, help="make the installation here and leave it")
    arguments = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with _installation(arguments.keep) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=arguments.chromium,
            args=["--no-sandbox", "--disable-gpu"],
        )
        for picture in PICTURES:
            picture(browser, url)
        browser.close()
    return 0


@contextmanager
def _installation(keep: Path | None) -> Iterator[str]:
    """A served installation with the demo in it; its address."""
    folder = keep or Path(tempfile.mkdtemp(prefix="ec-"))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    given = {"ECUANIME_DATA": str(folder), "ECUANIME_PORT": str(port), "ECUANIME_URL": url}
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= given | {"ECUANIME_ENV_FILE": os.devnull, "PYTHONPATH": str(ROOT / "src")}
    if not (folder / "postgres").exists():
        subprocess.run([*ECUANIME, "demo"], env=environment, check=True)
    served = subprocess.Popen([*ECUANIME, "run"], env=environment)
    try:
        _wait_for(url, served)
        yield url
    finally:
        served.send_signal(signal.SIGINT)
        served.wait(timeout=60)
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def _wait_for(url: str, served: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + ANSWER_SECONDS
    while served.poll() is None and time.monotonic() < end:
        try:
            with urlopen(f"{url}/healthz", timeout=5):  # noqa: S310  # our own address
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the product does not answer")


@contextmanager
def _window(
    browser: Browser, url: str, email: str, size: dict[str, int] = DESK, *, dark: bool = False
) -> Iterator[Page]:
    """A window in which somebody has signed in, in Spanish."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": size["width"], "height": size["height"]},
        locale="es-ES",
        timezone_id="Europe/Madrid",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto("/cuenta/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("form:has([name=password]) button[type=submit]")
    page.wait_for_url(lambda address: "/login/" not in address)
    yield page
    context.close()


def _take(page: Page, name: str) -> None:
    """Keep what the window shows; a picture that is too heavy for the README is refused."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.mouse.move(0, 0)
    path = IMAGES / f"{name}.png"
    path.write_bytes(_with_few_colours(page, page.screenshot()))
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}  {size // 1000} kB")
    if size > LARGEST:
        raise SystemExit(f"{path} has {size} bytes; the README's pictures have at most {LARGEST}")


def _with_few_colours(page: Page, picture: bytes) -> bytes:
    """The picture as a PNG of at most 256 colours: the most frequent ones, and for the rest the nearest of them."""
    blank = page.context.new_page()
    data = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    width, height, palette, pixels = blank.evaluate(FEW_COLOURS, data)
    blank.close()
    rows = base64.b64decode(pixels)
    lines = b"".join(b"\0" + rows[start : start + width] for start in range(0, width * height, width))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(palette)),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _inbox(browser: Browser, url: str) -> None:
    """All open tickets, with one beside the list; on a phone the technician's own, in the dark."""
    with _window(browser, url, "irene@nodoalisio.example") as page:
        page.goto("/bandeja/abiertos/")
        page.locator("[data-row] [data-open]").nth(4).click()
        page.locator("#peek h2").wait_for()
        _take(page, "inbox")
    with _window(browser, url, "irene@nodoalisio.example", PHONE, dark=True) as page:
        page.goto("/bandeja/para-mi/")
        _take(page, "inbox-phone-dark")


def _ticket(browser: Browser, url: str) -> None:
    """A ticket somebody works on, one entry's why open."""
    with _window(browser, url, "lucia@nodoalisio.example") as page:
        page.goto("/bandeja/abiertos/")
        _open_first(page, "#tiempo ~ div summary.ec-why", at_least=2)
        page.locator("#tiempo ~ div summary.ec-why").first.click()
        _take(page, "ticket")


def _cut(browser: Browser, url: str) -> None:
    """The day with most to review."""
    with _window(browser, url, "lucia@nodoalisio.example") as page:
        page.goto("/horas/")
        days = page.locator("section:has(#h-days) li", has_text="por revisar").all()
        if days:
            busiest = max(days, key=lambda day: _figure(day.inner_text()))
            page.goto(str(busiest.locator("a").get_attribute("href")))
        _take(page, "cut")


def _figure(text: str) -> int:
    """The last number of a text: `jue 19 nov 9 por revisar` has 9."""
    return int(re.findall(r"\d+", text)[-1])


def _portal(browser: Browser, url: str) -> None:
    """What the project lead finds."""
    with _window(browser, url, "elvira.sotillo@tierraparda.example") as page:
        page.goto("/portal/")
        _take(page, "portal")


def _invoice(browser: Browser, url: str) -> None:
    """A document of worked time with a line opened."""
    with _window(browser, url, "mario@nodoalisio.example") as page:
        page.goto("/facturas/")
        _open_first(page, ".ec-inv .ec-tape", at_least=2)
        _take(page, "invoice")


def _open_first(page: Page, marks: str, *, at_least: int) -> None:
    """Open the first row of the list whose page has so many of what is looked for; else stay on the last."""
    for address in page.locator("[data-row] [data-open]").evaluate_all("all => all.map((one) => one.href)"):
        page.goto(address)
        if page.locator(marks).count() >= at_least:
            return


PICTURES: tuple[Callable[[Browser, str], None], ...] = (_inbox, _ticket, _cut, _portal, _invoice)

if __name__ == "__main__":
    raise SystemExit(main())
