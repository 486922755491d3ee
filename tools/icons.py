"""Builds the icon sprite we ship, `static/ecuanime/icons.svg`, from the outline icons of @tabler/icons (MIT).

`python tools/icons.py` downloads the pinned package with npm and writes one `<symbol>` per name below, in
alphabetical order, so that the same list gives the same bytes. A screen may only use a name that is here:
`{% icon %}` refuses any other. The whole icon font weighs 500 KB; this sprite a tenth of it.
"""

import re
import sys
import tempfile
from pathlib import Path

from vendor import download, read_member

VERSION = "3.49.0"
SPRITE = Path(__file__).resolve().parents[1] / "src/ecuanime/web/static/ecuanime/icons.svg"
NAMES = """
activity alarm alert-circle alert-triangle antenna-bars-2 antenna-bars-3 antenna-bars-4 antenna-bars-5 archive
arrow-back-up arrow-down arrow-forward-up arrow-left arrow-right arrow-up arrows-join arrows-shuffle
arrows-sort arrows-split at ban bell bell-off bolt book briefcase bug building building-bank building-store
bulb calculator calculator-off calendar calendar-check calendar-due calendar-event calendar-exclamation
calendar-off calendar-plus calendar-repeat calendar-time cash cash-register certificate chart-histogram check
checklist checks chevron-down chevron-left chevron-right chevron-up circle circle-check circle-dot
circle-half-2 circle-minus circle-plus circle-x clock clock-check clock-edit clock-exclamation clock-hour-4
clock-pause clock-play clock-stop cloud-off coin coin-euro coin-off copy corner-up-left credit-card database
database-exclamation database-x device-desktop device-floppy device-laptop device-mobile dots dots-vertical
download edit external-link eye eye-off file file-alert file-certificate file-check file-dollar file-download
file-export file-import file-invoice file-off file-plus file-spreadsheet file-text file-type-pdf file-unknown
file-upload file-zip filter filter-off flag flag-check folder forms gavel gift git-merge globe hand-stop
headset heart-handshake help help-circle history home hourglass-empty hourglass-high hourglass-low id inbox
inbox-off infinity info-circle key keyboard language layout-list lifebuoy link link-off list list-check
list-details lock lock-open login logout mail mail-check mail-exclamation mail-fast mail-forward mail-off
mail-opened mail-x map-pin math-function menu-2 message message-2 message-check message-exclamation
message-plus message-question message-reply message-x mood-check mood-cry mood-happy mood-neutral mood-sad
mood-smile moon note note-off package paperclip
pencil phone phone-incoming phone-off phone-outgoing phone-x photo photo-off photo-x pin player-pause
player-play player-stop plug-connected plug-connected-x plus printer progress puzzle quote receipt receipt-2
receipt-off receipt-refund receipt-tax refresh repeat report-money rocket rosette-discount rotate
rotate-clockwise scale school search section select selector send send-off server server-2 settings share
shield shield-check shield-half shield-lock shield-off shield-question shield-x shopping-cart signature
sparkles spy star star-off sun swipe tag tags test-pipe thumb-up ticket ticket-off tool transfer trash
trending-down trending-up typography upload urgent user user-check user-circle user-cog user-edit user-off
user-plus user-question user-search user-shield user-x users users-group versions wallet wand wifi-off world
world-www writing x zoom-question
"""


def symbol(name: str, svg: str) -> str:
    """The drawing of one icon; its colour and line width come from our stylesheet."""
    inside = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", svg, flags=re.DOTALL)
    inside = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", inside)
    inside = re.sub(r"\s+", " ", inside).strip().replace(" />", "/>").replace("> <", "><")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inside}</symbol>'


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, download("@tabler/icons", VERSION, Path(folder)) as package:
        symbols = []
        for name in sorted(set(NAMES.split())):
            try:
                drawing = read_member(package, f"icons/outline/{name}.svg").decode("utf-8")
            except KeyError:
                raise SystemExit(f"there is no outline icon called {name}") from None
            symbols.append(symbol(name, drawing))
    notice = f"<!-- @tabler/icons {VERSION}, MIT licence, copyright Pawel Kuna; built by tools/icons.py -->"
    SPRITE.write_text(
        "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', notice, *symbols, "</svg>"]) + "\n",
        encoding="utf-8",
    )
    sys.stdout.write(f"{len(symbols)} icons, {SPRITE.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main()
