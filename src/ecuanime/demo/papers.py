"""Small real files for the demo's tickets: lists, pictures, one-page documents, texts."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from random import Random

MEDIA_TYPES = {"csv": "text/csv", "png": "image/png", "pdf": "application/pdf", "txt": "text/plain"}


@cache
def paper(name: str) -> bytes:
    """The bytes of a file by its name, always the same."""
    rng = Random(name)  # noqa: S311  # invented contents, no secret
    ending = name.rpartition(".")[2]
    if ending == "csv":
        return _table(rng)
    if ending == "png":
        return _picture(rng)
    if ending == "pdf":
        return _document(name)
    return _text(rng)


def media_type(name: str) -> str:
    """What kind of file a name says it is."""
    return MEDIA_TYPES[name.rpartition(".")[2]]


def _table(rng: Random) -> bytes:
    rows = ["referencia;descripcion;unidades;precio"]
    things = ("Caja de 12", "Recambio", "Cable", "Etiqueta", "Bolsa", "Tornillo", "Folleto", "Tinta")
    for number in range(1, 25):
        cents = rng.randint(150, 9900)
        rows.append(
            f"R-{1000 + number};{rng.choice(things)} {number};{rng.randint(1, 40)};{cents // 100},{cents % 100:02}"
        )
    return ("\r\n".join(rows) + "\r\n").encode("utf-8-sig")


def _text(rng: Random) -> bytes:
    lines = [
        f"2026-0{rng.randint(1, 9)}-1{rng.randint(0, 9)} 0{rng.randint(7, 9)}:{rng.randint(10, 59)} "
        f"mx.{word}.example status={rng.choice(('sent', 'deferred', 'bounced'))} delay={rng.randint(1, 40)}"
        for word in ("uno", "dos", "tres", "cuatro", "cinco", "seis")
    ]
    return ("\n".join(lines) + "\n").encode()


def _picture(rng: Random) -> bytes:
    """A PNG of 320 by 180 with a window drawn on a plain ground."""
    ground, window = (rng.randint(20, 90), rng.randint(60, 120), rng.randint(110, 190)), (245, 245, 242)
    bar = (60, 64, 70)
    rows = []
    for y in range(180):
        pixels = [
            bar if inside and y < 52 else window if inside else ground
            for inside in (60 <= x < 260 and 36 <= y < 146 for x in range(320))
        ]
        rows.append(b"\x00" + b"".join(bytes(pixel) for pixel in pixels))
    header = struct.pack(">IIBBBBB", 320, 180, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    )


def _document(name: str) -> bytes:
    """A PDF of one page with a title."""
    title = name.rpartition(".")[0].capitalize()
    drawn = (
        f"BT /F1 24 Tf 72 760 Td ({title}) Tj 0 -36 Td /F1 12 Tf (Nodo Alisio. Documento de ejemplo.) Tj ET"
    )
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream".encode("ascii"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(parts, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return out
