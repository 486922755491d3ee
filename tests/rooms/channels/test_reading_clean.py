"""A stranger's HTML on our page: nothing runs, nothing is fetched, nothing is styled, and the words stay."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest

from ecuanime.channels.email.reading import clean, text
from ecuanime.channels.email.reading.clean import CleanedHtml, clean_html
from ecuanime.channels.email.reading.text import html_to_text, snippet, text_to_html

OWN = {"logo@x": "/adjuntos/7?nombre=a&b=c"}

PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=http://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror='alert(1)' alt=\"><script>alert(1)</script>\">",
    '<img src="http://t.example/a.png" alt=\'"><img src=http://evil.example onerror=alert(1)>\'>',
    "<img src=`javascript:alert(1)`>",
    "<img srcset='http://evil.example/a.png 1x'>",
    "<img src='HTTP://t.example/p.gif' width=1 height=1>",
    "<img src='//evil.example/p.gif'>",
    "<img src='http:evil.example'>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img src='cid:logo@x' onload=alert(1)>",
    "<img src='cid:logo%40x'>",
    "<img src='cid:../../admin'>",
    "<image src=x onerror=alert(1)>",
    "<img data-remote-src='javascript:alert(1)'>",
    '<img data-remote-src="http://x.example/\'onerror=alert(1)">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><feImage href='http://evil.example/a'/></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href='javascript:alert(1)'>x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><img src=x onerror=alert(1)></template>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='http://evil.example/x.swf'></object><embed src='http://evil.example/x.swf'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java&#x09;script:alert(1)'>x</a>",
    "<a href='&#1;javascript:alert(1)'>x</a>",
    "<a href='  javascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='/tickets/1/borrar'>x</a>",
    "<a href='//evil.example/'>x</a>",
    "<a href='cid:logo@x'>x</a>",
    "<a href='https://ok.example' target='_top' onclick='alert(1)' ping='http://evil.example'>x</a>",
    "<p style='background:url(http://evil.example/a)'>x</p>",
    "<div style='position:fixed;inset:0'>x</div>",
    "<table><tr><td style='background:url(http://evil.example/a)' class=x>x</table>",
    "<style>@import 'http://evil.example/a.css';</style>",
    "<link rel=stylesheet href='http://evil.example/a.css'>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<base href='http://evil.example/'>",
    "<body background='http://evil.example/a.png' onload=alert(1)>",
    "<table background='http://evil.example/a.png'><tr><td background='http://evil.example/b.png'>x</table>",
    "<video poster='http://evil.example/a.png' src='http://evil.example/v'><source src='http://evil.example/w'></video>",
    "<audio src='http://evil.example/a'>",
    "<input type=image src='http://evil.example/a.png' onfocus=alert(1) autofocus>",
    "<form action='http://evil.example'><button formaction='javascript:alert(1)'>x</button></form>",
    "<isindex action='javascript:alert(1)'>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<details open ontoggle=alert(1)>x</details>",
    "<div id='id_password' class='btn btn-danger' name='csrf'>x</div>",
    "<div x-data='alert(1)' hx-get='/admin' data-x='1' @click='a'>x</div>",
    "<td colspan='9999999' rowspan='65534'>x</td>",
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><?import namespace='t' implementation='#default#time2'?>",
    "<plaintext><script>alert(1)</script>",
    "<textarea></textarea><script>alert(1)</script>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<x onclick=alert(1)>x</x>",
    "<b/onmouseover=alert(1)>x</b>",
    "<p dir='javascript' lang='\"><script>'>x</p>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    '<a href="https://ok.example/" title=\'" onmouseover="alert(1)\'>x</a>',
    "{{7*7}} {% debug %} ${7*7}",
]

ALLOWED = {
    "a": {"href", "rel", "target", "title", "dir", "lang"},
    "img": {"src", "data-remote-src", "alt", "width", "height", "title", "dir", "lang"},
    "td": {"colspan", "rowspan", "align", "valign", "title", "dir", "lang"},
}
HARMLESS = {"title", "dir", "lang", "start"}


class _Inspector(HTMLParser):
    """An independent reader of our output: collects every tag and attribute."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def _tags(html: str) -> list[tuple[str, dict[str, str]]]:
    inspector = _Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.found


def _assert_harmless(html: str) -> None:
    for tag, attributes in _tags(html):
        assert tag in clean._TAGS
        assert set(attributes) <= ALLOWED.get(tag, HARMLESS)
        if "href" in attributes:
            assert re.match(r"(https?://|mailto:|tel:)", attributes["href"], re.IGNORECASE)
        if tag == "a":
            assert attributes["rel"] == "noopener noreferrer nofollow"
            assert attributes["target"] == "_blank"
        if "src" in attributes:
            assert attributes["src"] in OWN.values()
        if "data-remote-src" in attributes:
            assert attributes["data-remote-src"].lower().startswith(("http://", "https://"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_a_mail_brings_can_run_or_fetch(payload: str) -> None:
    for html in (
        payload,
        f"<div><table><tr><td>{payload}",
        f"<p title='{payload}'>x",
        f"<a href='https://x/{payload}'>y",
    ):
        cleaned = clean_html(html, attachment_urls=OWN)
        _assert_harmless(cleaned.html)
        assert "alert(1)</script" not in cleaned.html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_that_looks_like_markup_stays_text(payload: str) -> None:
    _assert_harmless(text_to_html(payload))
    assert {tag for tag, _ in _tags(text_to_html(payload))} <= {"p", "br", "a"}


def test_control_the_inspector_sees_what_is_forbidden() -> None:
    for bad in ("<p style='x'>", "<img src='http://x/'>", "<script>", "<a href='javascript:x'>"):
        with pytest.raises((AssertionError, KeyError)):
            _assert_harmless(bad)


def test_the_last_word_lets_no_image_in_from_elsewhere() -> None:
    html = (
        '<img src="http://evil.example/a.png"><img src="/salir"><img data-remote-src="//evil.example/a.png">'
    )
    assert clean._final(html, set(OWN.values())) == "<img><img><img>"


def test_cleaning_twice_changes_nothing() -> None:
    for payload in PAYLOADS:
        once = clean_html(payload, attachment_urls=OWN).html
        assert "data-remote-src" in once or clean_html(once).html == re.sub(r' ?src="[^"]*"', "", once)


def test_remote_images_wait_to_be_asked_for() -> None:
    cleaned = clean_html('<img src="https://t.example/p.png?a=1&amp;b=2" alt="Logo" width="10" style="x">')
    assert cleaned == CleanedHtml(
        '<img data-remote-src="https://t.example/p.png?a=1&amp;b=2" alt="Logo" width="10">', 1, 0, None
    )


def test_attached_images_come_from_our_own_address() -> None:
    cleaned = clean_html(
        '<img src="cid:logo@x" alt="Logo"><img src="cid:otra" alt="Otra">', attachment_urls=OWN
    )
    assert cleaned.html == '<img src="/adjuntos/7?nombre=a&amp;b=c" alt="Logo"><img alt="Otra">'
    assert cleaned.remote_images == 0


def test_words_tables_and_links_survive() -> None:
    cleaned = clean_html(
        "<h2>Hola</h2><p class=MsoNormal><b>uno</b> <a href='https://x.example/?a=1&b=2'>dos</a></p>"
        "<table><tr><td colspan=2>tres</td></tr></table><ul><li>cuatro</ul>"
    )
    assert "<h2>Hola</h2>" in cleaned.html
    assert '<td colspan="2">tres</td>' in cleaned.html
    assert 'href="https://x.example/?a=1&amp;b=2"' in cleaned.html
    assert cleaned.links == 1


@pytest.mark.parametrize(
    ("html", "reduced"),
    [
        ("<div>" * 100_000 + "hola", "too_large"),
        ("<div>" * 300 + "hola", "too_deep"),
        ("<a href='https://x.example/'>hola</a>" * 5_001, "too_many_links"),
        ("<img src='https://x.example/a.png'>" * 1_001 + "hola", "too_many_images"),
        ("hola " * 300_000, "too_large"),
    ],
    ids=["tags", "depth", "links", "images", "size"],
)
def test_too_much_html_is_shown_as_text(html: str, reduced: str) -> None:
    cleaned = clean_html(html)
    assert cleaned.reduced == reduced
    assert "hola" in cleaned.html
    assert {tag for tag, _ in _tags(cleaned.html)} <= {"p", "br", "a"}


def test_five_thousand_links_are_still_html() -> None:
    cleaned = clean_html("<a href='https://x.example/'>x</a>" * 5_000)
    assert (cleaned.reduced, cleaned.links) == (None, 5_000)


@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<",
        "<a href=x><b><p>",
        "<div><table><tr><td></div></table>",
        '<div a="</div>">',
        "<i>a<b>c<u>d</i>",
        "<li><dd>",
        "<table>",
        "<div><select></div></select>",
        "<!--",
        '<img src="',
        "&",
        "&#",
        "<font color=1><p>",
        "\n",
        "https://a.b/",
        "a@b.c.",
        "(" * 50,
    ],
)
def test_a_megabyte_of_anything_costs_seconds_at_most(unit: str) -> None:
    for size in (len(unit) * 7_500, 1_000_000):
        html = (unit * (size // len(unit) + 1))[:size]
        for work in (clean_html, html_to_text, text_to_html):
            start = time.perf_counter()
            work(html)
            assert time.perf_counter() - start < 8


def test_text_becomes_paragraphs_breaks_and_links() -> None:
    html = text_to_html(
        "Hola <Ana>:\nver https://x.example/a?b=1&c=2. (http://y.example/a_(b))\n\nluis@x.example"
    )
    links = [attributes["href"] for tag, attributes in _tags(html) if tag == "a"]
    assert links == ["https://x.example/a?b=1&c=2", "http://y.example/a_(b)", "mailto:luis@x.example"]
    assert html.startswith("<p>Hola &lt;Ana&gt;:<br>ver <a ")
    assert html.count("<p>") == 2


def test_html_becomes_readable_text() -> None:
    html = (
        "<html><head><title>no</title><style>p{}</style></head><body><p>Hola&nbsp;Ana,<br>uno &lt;dos&gt;</p>"
        "<table><tr><td>a</td><td>b</td></tr></table><script>no()</script><div>fin</div></body></html>"
    )
    assert html_to_text(html) == "Hola Ana,\nuno <dos>\n\na\tb\n\nfin"


def test_too_much_html_still_becomes_text() -> None:
    assert html_to_text("<div>" * 50_000 + "<style>p{}</style>hola<script>x</script>").strip() == "hola"


def test_a_snippet_is_one_short_line() -> None:
    assert snippet("uno\n\n  dos") == "uno dos"
    assert snippet("palabra " * 100, 20) == "palabra palabra…"
    assert len(snippet("x" * 500)) <= 160


def test_the_bounds_are_the_ones_documented() -> None:
    assert (text.MAX_DEPTH, text.MAX_LINKS) == (256, 5_000)
