"""What was written now, apart from history and signatures; never a word lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.channels.email.reading.quotes import split_html, split_text

ATTRIBUTIONS = [
    "El lun, 9 nov 2026 a las 10:20, Ana Ruiz (<ana@example.com>) escribió:",
    "El 09/11/2026 a las 10:20, Ana escribió:",
    "On Mon, Nov 9, 2026 at 10:20 AM Ana Ruiz <ana@example.com> wrote:",
    "On 9 Nov 2026, at 10:20, Ana Ruiz with a very long name that makes the program wrap\n<ana@example.com> wrote:",
    "Le lun. 9 nov. 2026 à 10:20, Ana Ruiz <ana@example.com> a écrit :",
    "Am 09.11.26 um 10:20 schrieb Ana Ruiz <ana@example.com>:",
    "Em seg., 9 de nov. de 2026 às 10:20, Ana <ana@example.com> escreveu:",
    "Il giorno lun 9 nov 2026 alle ore 10:20 Ana <ana@example.com> ha scritto:",
    "El dl., 9 de nov. 2026, Ana <ana@example.com> va escriure:",
    "2026-11-09 10:20 GMT+01:00 Ana <ana@example.com>:",
    "O lun, 9 nov 2026 ás 10:20, Ana (<ana@example.com>) escribiu:",
    "Op ma 9 nov 2026 om 10:20 schreef Ana <ana@example.com>:",
    "Den mån 9 nov. 2026 kl 10:20 skrev Ana <ana@example.com>:",
    "ma 9. marrask. 2026 klo 10.20 Ana (<ana@example.com>) kirjoitti:",
    "pon., 9 lis 2026 o 10:20 Ana <ana@example.com> napisał(a):",
    "po 9. 11. 2026 v 10:20 odesílatel Ana <ana@example.com> napsal:",
    "пн, 9 нояб. 2026 г. в 10:20, Ana <ana@example.com>:",
    "09.11.2026 10:20, Ana пишет:",
    "Ana <ana@example.com>, 9 Kas 2026 Pzt, 10:20 tarihinde şunu yazdı:",
    "Ana <ana@example.com> ezt írta (időpont: 2026. nov. 9., H, 10:20):",
    "În lun., 9 nov. 2026 la 10:20, Ana <ana@example.com> a scris:",
    "Στις Δευ 9 Νοε 2026 στις 10:20 π.μ., ο χρήστης Ana <ana@example.com> έγραψε:",
    "2026年11月9日(月) 10:20 Ana <ana@example.com>:",
    "Ana <ana@example.com> 于2026年11月9日周一 10:20写道：",
    "2026년 11월 9일 (월) 오전 10:20, Ana <ana@example.com>님이 작성:",
]
HEADS = [
    "De: Ana <ana@example.com>\nEnviado el: lunes, 9 de noviembre de 2026 10:20\nPara: soporte\nAsunto: Hola",
    "From: Ana\nSent: Monday, November 9, 2026 10:20 AM\nTo: support\nSubject: Hello",
    "*From:* Ana\n*Sent:* Monday\n*To:* support\n*Subject:* Hello",
    "De : Ana\nEnvoyé : lundi\nÀ : soporte\nObjet : x",
    "Von: Ana\nGesendet: Montag\nAn: x\nBetreff: y",
    "De: Ana\nEnviada em: segunda\nPara: x\nAssunto: y",
    "Da: Ana\nInviato: lunedì\nA: x\nOggetto: y",
    "________________________________\nDe: Ana\nEnviado: lunes\nPara: x\nAsunto: y",
    "Van: Ana\nVerzonden: maandag\nAan: x\nOnderwerp: y",
    "Från: Ana\nSkickat: måndag\nTill: x\nÄmne: y",
    "Fra: Ana\nSendt: mandag\nTil: x\nEmne: y",
    "Lähettäjä: Ana\nLähetetty: maanantai\nVastaanottaja: x\nAihe: y",
    "Od: Ana\nWysłano: poniedziałek\nDo: x\nTemat: y",
    "От: Ana\nОтправлено: понедельник\nКому: x\nТема: y",
    "Kimden: Ana\nGönderildi: Pazartesi\nKime: x\nKonu: y",
    "差出人: Ana\n送信日時: 2026年11月9日\n宛先: x\n件名: y",
    "发件人：Ana\n发送时间：2026年11月9日\n收件人：x\n主题：y",
    "-----Ursprüngliche Nachricht-----\nVon: Ana",
    "-----Oryginalna wiadomość-----\nOd: Ana",
    "-----Mensaje original-----\nDe: Ana",
    "-----Original Message-----\nFrom: Ana",
    "-------- Mensaje reenviado --------\nAsunto: x",
    "---------- Forwarded message ---------\nFrom: x",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@pytest.mark.parametrize("history", ["> antes\n>> mucho antes\n", "\n> antes\n\n", "antes, sin marcas\n"])
def test_history_after_an_attribution_folds(attribution: str, history: str) -> None:
    split = split_text(f"Ya funciona.\n\n{attribution}\n{history}")
    assert split.visible == "Ya funciona.\n\n"
    assert split.quoted == f"{attribution}\n{history}"


@pytest.mark.parametrize("head", HEADS)
def test_history_after_a_mail_head_folds(head: str) -> None:
    split = split_text(f"Hecho, gracias.\n\n{head}\n\nantes\n")
    assert split.visible == "Hecho, gracias.\n\n"


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAna\nDirectora\n",
        "Enviado desde mi iPhone\n",
        "Sent from my phone\n",
        "Verstuurd vanaf mijn iPhone\n",
        "Отправлено с iPhone\n",
        "iPhoneから送信\n",
    ],
)
def test_a_signature_folds_with_and_without_history(signature: str) -> None:
    assert split_text(f"Hola\n\n{signature}").visible == "Hola\n\n"
    assert split_text(f"Hola\n\n{signature}\nOn 9/11/2026 Ana wrote:\n> x\n").visible == "Hola\n\n"
    assert split_text(f"Hola\n\nOn 9/11/2026 Ana wrote:\n> x\n\n{signature}").visible == "Hola\n\n"


def test_an_answer_below_one_quotation_is_what_shows() -> None:
    split = split_text("El 9/11/2026, Ana escribió:\n> una\n> dos\n\nMi respuesta\n")
    assert [part.quoted for part in split.parts] == [True, False]
    assert split.visible == "\nMi respuesta\n"


def test_answers_between_quoted_lines_stay_with_them() -> None:
    body = "El 9/11/2026, Ana escribió:\n> ¿una?\nsí\n> ¿dos?\nno\n"
    assert split_text(body).visible == body


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n\n",
        "> solo\n> cita\n",
        "-- \nfirma\n",
        "El 9/11/2026, Ana escribió:\n> x\n",
        "De: aquí a allá\nno hay nada más\n",
        "El médico escribió:\ntómese esto\n",
        "I wrote:\nnothing special\n",
        "Do: what you like\nand that: is all\n",
        "Para mí: nada\nFecha: mañana\n",
        "From: now on we call you\nand that is all\n",
        "a -- b\n--- separador\n",
        "Precio:\n- uno\n- dos\n",
    ],
)
def test_nothing_folds_without_good_reason_or_when_all_would(body: str) -> None:
    assert split_text(body).visible == body


WORDS = st.sampled_from(
    [
        "hola",
        "> cita",
        "",
        "-- ",
        *ATTRIBUTIONS,
        *HEADS,
        ">",
        "Enviado desde mi iPhone",
        "\r",
        "\x0b",
        "\u2028",
        "-----",
    ]
)


@given(st.lists(WORDS, max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_text_is_ever_lost(lines: list[str], end: str) -> None:
    body = end.join(lines)
    split = split_text(body)
    assert "".join(part.content for part in split.parts) == body
    assert split.visible.strip() or not body.strip()


HTML_HISTORIES = [
    '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">El lun, Ana escribió:<br></div>'
    '<blockquote class="gmail_quote" style="margin:0">antes</blockquote></div>',
    '<blockquote type="cite"><div>On 9 Nov, Ana wrote:</div>antes</blockquote>',
    '<div class="moz-cite-prefix">El 9/11/26, Ana escribió:</div><blockquote type="cite">antes</blockquote>',
    '<hr><div id="divRplyFwdMsg"><b>De:</b> Ana</div><div>antes</div>',
    '<div id="appendonsend"></div><hr><p>antes</p>',
    "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3pt 0cm'><b>De:</b> Ana</div><p>antes</p>",
    '<div class="yahoo_quoted">antes</div>',
    '<div class="protonmail_quote">antes</div>',
    "<p>-----Mensaje original-----</p><p>antes</p>",
]


@pytest.mark.parametrize("history", HTML_HISTORIES)
def test_html_history_folds(history: str) -> None:
    whole = f"<style>p{{}}</style><p>Gracias</p>{history}"
    split = split_html(whole)
    assert "antes" not in split.visible
    assert "Gracias" in split.visible
    assert "".join(part.content for part in split.parts) == whole


@pytest.mark.parametrize("history", HTML_HISTORIES)
def test_html_that_is_only_history_stays(history: str) -> None:
    assert (
        split_html(f"<style>p{{}}</style><div>&nbsp;<br></div>{history}").quoted == ""
        or "original" in history
    )


@pytest.mark.parametrize(
    "html",
    [
        '<p>a</p><blockquote type="cite">antes</blockquote><p>respuesta</p>',
        '<p>a</p><div class="gmail_quote"><blockquote class="gmail_quote">antes</blockquote>'
        '<div>respuesta</div><blockquote class="gmail_quote">más</blockquote></div>',
        "<p>sin historia</p><blockquote>una cita normal</blockquote>",
    ],
)
def test_html_answered_below_or_between_stays_whole(html: str) -> None:
    assert split_html(html).visible == html


@pytest.mark.parametrize(
    "unit",
    [
        "> a\n",
        "On 1 wrote:\n",
        "From: x\n",
        "\n",
        "-" * 390 + "\n",
        "> a\n\n",
        "On 1 x\n",
        "wrote ",
        "<div ",
        '<div class="',
        "<blockquote type=cite>",
        "<style>",
        "<",
        "-",
        "<div" + " " * 300,
        "<div class=" + "a" * 99 + " ",
        "El 1 escribió",
    ],
)
def test_a_megabyte_of_anything_splits_in_a_moment(unit: str) -> None:
    body = "x\n" + unit * (1_000_000 // len(unit))
    for split in (split_text, split_html):
        start = time.perf_counter()
        parts = split(body).parts
        assert time.perf_counter() - start < 4
        assert "".join(part.content for part in parts) == body
