"""What was written now, apart from what was quoted: earlier mails, forwarded heads and signatures.

A guess from the habits of mailers, so it only folds and never drops: the parts put together are the whole, and a mail
that would be nothing but quotation is shown whole. Forwarded mail under a covering note folds like an answer's history.
Lines are matched one by one and cut short first, so that no line can make a pattern slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape


def _any(words: str) -> str:
    """One alternative for each of the words, which stand between bars or on lines of their own."""
    return f"(?:{'|'.join(part.strip() for line in words.split(chr(10)) for part in line.split('|') if part.strip())})"


_LINE = 400
_MAX_ATTRIBUTION_LINES = 3
_SIGNATURE_LINES = 30
_SCANNED_LINES = 5_000
_SCANNED_HTML = 1024 * 1024

_WROTE = _any(
    """
    wrote|writes|escribi[óo]|escribe|escribiu|a [ée]crit|schrieb|escreveu|ha scritto|va escriure|idatzi du|schreef
    skrev|kirjoitti|napisał(?:\\(a\\))?|napisała|pisze|napsal(?:\\(a\\))?|napsala|написала?|пишет|пише|şunu yazdı|yazdı
    ezt írta|írta|a scris|έγραψε
    """
)
_ATTRIBUTION = re.compile(rf"[^>\s].{{0,350}}\b{_WROTE}(?!\w).{{0,150}}:\s*", re.IGNORECASE)
_ATTRIBUTION_EAST = re.compile(r"[^>\s].{0,350}(?:写道|寫道|님이 작성|のメッセージ)\s?[:：]\s*")
_ATTRIBUTION_START = re.compile(
    r"(?:on|el|le|am|em|il|op|den|a|at|w|dne|pe|în|στις|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})\b", re.IGNORECASE
)
_SENDER = re.compile(r"<[^<>\s@]{1,100}@[^<>\s]{1,200}>")
_DATED_SENDER = re.compile(r"(?:.{0,40}\b|)\d{4}(?:-\d\d-\d\d|年|[\s.,]).{0,200}<[^<>\s]{3,200}>\s?[:：]\s*")
_ATTRIBUTIONS = (_ATTRIBUTION, _ATTRIBUTION_EAST, _DATED_SENDER)
_ORIGINALS = _any(
    """
    original message|mensaje original|missatge original|mensaxe orixinal|message d'origine|message original
    urspr[üu]ngliche nachricht|mensagem original|messaggio originale|oorspronkelijk bericht|ursprungligt meddelande
    oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna
    původní zpráva|исходное сообщение|оригинальное сообщение|özgün ileti|orijinal mesaj|eredeti üzenet|mesaj original
    αρχικό μήνυμα|元のメッセージ|原始邮件|原始郵件|원본 메시지|forwarded message|mensaje reenviado
    message transf[ée]r[ée]|weitergeleitete nachricht|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht
    vidarebefordrat meddelande|videresendt meddelelse|edelleenlähetetty viesti|wiadomość przekazana
    пересылаемое сообщение|転送メッセージ|转发邮件|reply message
    """
)
_ORIGINAL = re.compile(rf"-{{3,40}}\s?{_ORIGINALS}\s?-{{3,40}}", re.IGNORECASE)
_COLON = r"[*_]{0,2}\s?[:：][*_]{0,2}"
_FROM_WORDS = _any(
    """
    from|de|von|da|van|från|fra|lähettäjä|od|от|від|kimden|feladó|de la|από|nork|差出人|发件人|寄件者|보낸 사람
    """
)
_FROM = re.compile(rf"[*_]{{0,2}}{_FROM_WORDS}{_COLON}\s*\S.*", re.IGNORECASE)
_HEAD_WORDS = _any(
    """
    sent|date|to|cc|subject|enviado(?: el)?|fecha|para|asunto|data|envoy[ée](?: le)?|[àa]|objet|gesendet|datum|an
    betreff|enviada(?: em)?|assunto|inviato|oggetto|reply-to|assumpte|verzonden|aan|onderwerp|skickat|till|ämne|sendt
    dato|til|emne|lähetetty|vastaanottaja|aihe|wysłano|wysłane|do|temat|odesláno|komu|předmět
    отправлено|дата|кому|копия|тема|надіслано
    gönderildi|gönderme tarihi|kime|konu|elküldve|címzett|tárgy|trimis|către|subiect|στάλθηκε|προς|θέμα
    noiz|nori|gaia|送信日時|日付|宛先|件名|发送时间|收件人|抄送|主题|寄件日期|收件者|主旨|보낸 날짜|날짜|받는 사람|제목
    """
)
_HEAD_LINE = re.compile(rf"[*_]{{0,2}}{_HEAD_WORDS}{_COLON}(?:\s?.*)?", re.IGNORECASE)
_RULE = re.compile(r"_{8,}\s*|-{8,}\s*")
_DEVICES = _any(
    """
    sent from|get outlook for|enviado desde|enviat des d|obtener outlook para|envoy[ée] de(?:puis)? mon
    von meinem .{0,40} gesendet|gesendet von|enviado (?:do|a partir do) meu|inviato da|verzonden vanaf|verstuurd vanaf
    skickat från|sendt fra|lähetetty laitteesta|wysłane z|odesláno z|отправлено с|iphone'umdan gönderildi|trimis de pe
    εστάλη από|iPhoneから送信|发自我的|나의 iphone에서 보냄
    """
)
_DEVICE = re.compile(rf"{_DEVICES}.{{0,100}}", re.IGNORECASE)
_MARKS = re.compile(
    r"""<div[^<>]{0,300}class=["']?[^"'<>]{0,100}\b(?:gmail_quote|yahoo_quoted|protonmail_quote|moz-cite-prefix)\b"""
    r"""|<blockquote[^<>]{0,300}(?:type=["']?cite|class=["']?[^"'<>]{0,100}gmail_quote)"""
    r"""|<(?:div|hr|span|a)[^<>]{0,300}\b(?:id|name)=["']?(?:x_){0,5}(?:divRplyFwdMsg|appendonsend|stopSpelling"""
    r"""|_MailOriginal|mail-editor-reference-message-container|ms-outlook-mobile-reference-message"""
    r"""|OLK_SRC_BODY_SECTION)\b"""
    r"""|<div[^<>]{0,100}style=["'][^"'<>]{0,100}border:\s?none;\s?border-top:\s?solid\s(?:\#[0-9a-f]{6}|windowtext)\s1\.0pt"""
    r"""|(?<!-)-{3,20}\s?(?:Original\sMessage|Mensaje\soriginal|Message\sd'origine|Ursprüngliche\sNachricht"""
    r"""|Mensagem\soriginal)\s?-{3}""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTE_TAG = re.compile(r"<(/?)blockquote\b[^<>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTION_DIV = re.compile(r"<div[^<>]{0,300}gmail_attr[^<>]{0,300}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_SILENT = re.compile(r"<(/?)(style|script|head|title)\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the body, in its place. `quoted` stretches are folded on screen."""

    content: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Split:
    """The whole body in order: the parts' contents put together are exactly what came in."""

    parts: tuple[Part, ...]

    @property
    def visible(self) -> str:
        return "".join(part.content for part in self.parts if not part.quoted)

    @property
    def quoted(self) -> str:
        return "".join(part.content for part in self.parts if part.quoted)


def split_text(text: str) -> Split:
    """Part a text body. Answers written between quoted lines stay with them, all visible."""
    lines = text.splitlines(keepends=True)
    plain = [line[:_LINE].strip() for line in lines]
    folded = [False] * len(lines)
    end = _fold_from(plain, folded, _history_start(plain))
    end = _fold_from(plain, folded, _trailing_quote_start(plain, end), end)
    end = _fold_from(plain, folded, _signature_start(lines, plain, end), end)
    end = _fold_from(plain, folded, _trailing_quote_start(plain, end), end)
    _fold_leading_quote(plain, folded, end)
    return _joined(lines, plain, folded, text)


def split_html(html: str) -> Split:
    """Part raw HTML, before cleaning; each part is then cleaned by itself. One cut at most: history runs to the end."""
    mark = _MARKS.search(html, 0, _SCANNED_HTML)
    if mark is None:
        return Split((Part(html, quoted=False),))
    visible, rest = html[: mark.start()], html[mark.start() :]
    if not _words(visible) or _answered_below(rest):
        return Split((Part(html, quoted=False),))
    return Split((Part(visible, quoted=False), Part(rest, quoted=True)))


def _fold_from(plain: list[str], folded: list[bool], start: int | None, end: int | None = None) -> int:
    """Fold lines from `start` to `end`, unless nothing would be left above; says where the unfolded part now ends."""
    last = len(plain) if end is None else end
    if start is None or not any(plain[:start]):
        return last
    folded[start:last] = [True] * (last - start)
    return start


def _history_start(plain: list[str]) -> int | None:
    """The first line from which everything to the end is an earlier mail without `>` marks."""
    for at, line in enumerate(plain[:_SCANNED_LINES]):
        if not line:
            continue
        if _ORIGINAL.fullmatch(line):
            return at
        if _FROM.fullmatch(line) and _is_mail_head(plain, at):
            return at - 1 if at and _RULE.fullmatch(plain[at - 1]) else at
        length = _attribution_length(plain, at)
        if length and not _next_filled(plain, at + length).startswith(">"):
            joined = " ".join(plain[at : at + length])
            starts = _ATTRIBUTION_START.match(joined) or _SENDER.search(joined)
            if starts and re.search(r"\d", joined):
                return at
    return None


def _is_mail_head(plain: list[str], at: int) -> bool:
    """`From:` with two more of a mail's head lines close below."""
    below = [line for line in plain[at + 1 : at + 12] if line][:6]
    return sum(bool(_HEAD_LINE.fullmatch(line)) for line in below) >= 2


def _attribution_length(plain: list[str], at: int) -> int:
    """How many lines "On …, … wrote:" takes from `at`, 0 when there is none. Mailers wrap it."""
    if not plain[at] or plain[at].startswith(">"):
        return 0
    joined = ""
    for length in range(1, _MAX_ATTRIBUTION_LINES + 1):
        line = plain[at + length - 1] if at + length <= len(plain) else ""
        if not line or line.startswith(">"):
            return 0
        joined = f"{joined} {line}".strip()[: 2 * _LINE]
        if joined.endswith((":", "：")) and any(form.fullmatch(joined) for form in _ATTRIBUTIONS):
            return length if length == 1 or _ATTRIBUTION_START.match(plain[at]) else 0
    return 0


def _next_filled(plain: list[str], at: int) -> str:
    return next((line for line in plain[at : at + 10] if line), "")


def _trailing_quote_start(plain: list[str], end: int) -> int | None:
    """Where the last run of `>` lines starts, its attribution included, when nothing but blanks follows it."""
    at = end
    while at and (not plain[at - 1] or plain[at - 1].startswith(">")):
        at -= 1
    if not any(plain[at:end]):
        return None
    while at < end and not plain[at]:
        at += 1
    return _with_attribution(plain, at)


def _with_attribution(plain: list[str], at: int) -> int:
    above = at
    while above and not plain[above - 1] and at - above < 10:
        above -= 1
    for length in range(_MAX_ATTRIBUTION_LINES, 0, -1):
        if above >= length and _attribution_length(plain, above - length) == length:
            return above - length
    return at


def _signature_start(lines: list[str], plain: list[str], end: int) -> int | None:
    for at in range(max(0, end - _SIGNATURE_LINES), end):
        if lines[at].rstrip("\r\n") in ("-- ", "--"):
            return at
    last = next((at for at in range(end - 1, max(-1, end - 6), -1) if plain[at]), None)
    return last if last is not None and _DEVICE.fullmatch(plain[last]) else None


def _fold_leading_quote(plain: list[str], folded: list[bool], end: int) -> None:
    """A mail that quotes once, on top, and answers below. With more than one quoted run the answers stand between."""
    marked = [at for at in range(end) if plain[at].startswith(">")]
    if not marked or any(not plain[at].startswith(">") and plain[at] for at in range(marked[0], marked[-1])):
        return
    start = _with_attribution(plain, marked[0])
    if not any(plain[:start]) and any(plain[marked[-1] + 1 : end]):
        folded[: marked[-1] + 1] = [True] * (marked[-1] + 1)


def _joined(lines: list[str], plain: list[str], folded: list[bool], text: str) -> Split:
    if not any(line for line, hidden in zip(plain, folded, strict=True) if not hidden):
        return Split((Part(text, quoted=False),))
    return Split(tuple(_runs(lines, folded)))


def _runs(lines: list[str], folded: list[bool]) -> Iterator[Part]:
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or folded[at] != folded[start]:
            yield Part("".join(lines[start:at]), folded[start])
            start = at


def _answered_below(rest: str) -> bool:
    """Words after the first quotation's end: the answer stands below or between, so nothing may be folded."""
    depth = 0
    closed = False
    outside: list[str] = []
    at = 0
    for tag in _QUOTE_TAG.finditer(rest):
        if closed and depth == 0:
            outside.append(rest[at : tag.start()])
        depth = max(0, depth - 1) if tag[1] else depth + 1
        closed = closed or (bool(tag[1]) and depth == 0)
        at = tag.end()
    if closed and depth == 0:
        outside.append(rest[at:])
    between = [piece for piece in outside if not _ATTRIBUTION_DIV.search(piece)]
    return bool(_words("".join(between)))


def _words(html: str) -> str:
    """The visible text, roughly: style and head are silent."""
    kept: list[str] = []
    silent = ""
    at = 0
    for tag in _SILENT.finditer(html):
        if not silent:
            kept.append(html[at : tag.start()])
        name = tag[2].lower()
        if not tag[1]:
            silent = silent or name
        elif name == silent:
            silent = ""
        at = tag.end()
    if not silent:
        kept.append(html[at:])
    return unescape(_TAG.sub(" ", "".join(kept))).replace("\xa0", " ").strip()
