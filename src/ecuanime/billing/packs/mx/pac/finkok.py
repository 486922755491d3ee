"""Finkok's web services for stamping and cancelling, as their WSDL and documentation describe them (wiki.finkok.com).

SOAP 1.1 with user and password in each message. A document that it has stamped before it answers with code 307, with
the stamped document or without; `stamped` then gives it. A document may be stamped and have incidents all the same.

Codes and names of fields: wiki.finkok.com, “tipificación” and the pages of each method, and support.finkok.com,
article 31000156522, both held against the answers that public clients have recorded (docs/decisions/0010).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from ecuanime.billing.packs.mx.pac.contract import (
    UNKNOWN_YET,
    Account,
    NotStamped,
    Question,
    Reach,
    Rejected,
    Service,
    Standing,
)

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
STAMP = "http://facturacion.finkok.com/stamp"
ANSWER = "apps.services.soap.core.views"
CANCEL = "http://facturacion.finkok.com/cancel"
STAMPED_BEFORE = "307"
REQUESTED = frozenset(("201", "202", "798"))
"""A cancellation was asked for: now, or before. It says nothing about what comes of it."""
NOT_FOUND = "205"
"""The SAT does not have the CFDI, as in the first minutes or hours after its stamp."""
OF_ACCOUNT = frozenset(("300", "701", "702", "703", "706", "718", "740"))
"""User or password, an RFC that is suspended or not registered, an account in debt or without stamps left, a manifest
that is not signed: nothing against the document. No list that is published has 706."""
OF_SERVICE = frozenset(("708", "709", "1000"))
"""The PAC cannot reach the SAT, or cannot make the SAT's seal just now. No list that is published has 1000."""
_WRONG_ACCOUNT = "Invalid Username or Password"
"""The words with which the service that cancels turns an account away, where the one that stamps has a code."""
_FOUND = "S"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the stamped document if there is one, and the incidents as code and words."""

    xml: bytes
    incidents: tuple[tuple[str, str], ...]

    def words_of(self, codes: frozenset[str]) -> str | None:
        """The words of the first incident with one of these codes; None when there is none."""
        return next((words for code, words in self.incidents if code in codes), None)


class Finkok:
    """See `contract.Pac`."""

    def stamp(self, xml: bytes, service: Service, account: Account, reach: Reach) -> bytes:
        """The stamped document."""
        answer = read_answer(reach(service, request_of("stamp", xml, account), "stamp"))
        if answer.xml:
            return answer.xml
        if answer.words_of(frozenset((STAMPED_BEFORE,))) is not None:
            answer = read_answer(reach(service, request_of("stamped", xml, account), "stamped"))
            if answer.xml:
                return answer.xml
            raise NotStamped("not_recovered")
        _raise(answer)
        raise NotStamped("unreadable")

    def cancel(self, request: bytes, uuid: str, service: Service, account: Account, reach: Reach) -> str:
        """The words about a request; one that was made before counts as made."""
        given = {"xml": b64encode(request).decode()}
        message = message_of(CANCEL, "cancel_signature", given, account)
        result = result_in(reach(_cancelling(service), message, "cancel_signature"), "cancel_signatureResult")
        folio = next(result.iter(f"{{{ANSWER}}}Folio"), None)
        code = _text(folio, "EstatusUUID") if folio is not None else ""
        words = _text(folio, "EstatusCancelacion") if folio is not None else ""
        if code in REQUESTED:
            return words
        status = _text(result, "CodEstatus")
        said = words or status or _text(result, "error")
        _raise_for_now(code or status, said)
        if not code and not said:
            raise NotStamped("unreadable")
        raise Rejected(code or "no_folio", said)

    def standing(self, question: Question, service: Service, account: Account, reach: Reach) -> Standing:
        """What the SAT says of a CFDI."""
        given = {
            "taxpayer_id": question.issuer,
            "rtaxpayer_id": question.receiver,
            "uuid": question.uuid,
            "total": question.total,
        }
        message = message_of(CANCEL, "get_sat_status", given, account)
        result = result_in(reach(_cancelling(service), message, "get_sat_status"), "get_sat_statusResult")
        told, error = next(result.iter(f"{{{ANSWER}}}sat"), None), _text(result, "error")
        _raise_for_now("", error)
        if told is None or not _text(told, "Estado"):
            raise NotStamped("unreadable", error)
        found = _text(told, "CodigoEstatus")
        if found and not found.startswith(_FOUND):
            # Estado means nothing then: it has been seen to say that the CFDI stands.
            raise NotStamped(UNKNOWN_YET, found)
        return Standing(_text(told, "Estado"), _text(told, "EstatusCancelacion"), _text(told, "EsCancelable"))


def _cancelling(service: Service) -> Service:
    return replace(service, url=service.cancel_url)


def _raise_for_now(code: str, said: str) -> None:
    """What keeps a cancellation from being heard for now, and says nothing against it."""
    if said.startswith(_WRONG_ACCOUNT) or code in OF_ACCOUNT:
        raise NotStamped("account", said)
    if code in OF_SERVICE:
        raise NotStamped("busy", said)
    if code == NOT_FOUND:
        raise NotStamped(UNKNOWN_YET, said)


def _raise(answer: Answer) -> None:
    """What the incidents mean. A document is only given up for what the PAC says against itself."""
    for codes, meaning in ((OF_ACCOUNT, "account"), (OF_SERVICE, "busy")):
        words = answer.words_of(codes)
        if words is not None:
            raise NotStamped(meaning, words)
    if answer.incidents:
        code = answer.incidents[0][0]
        raise Rejected(code, " ".join(dict.fromkeys(words for _code, words in answer.incidents if words)))


def request_of(operation: str, xml: bytes, account: Account) -> bytes:
    """A message of the service that stamps."""
    return message_of(STAMP, operation, {"xml": b64encode(xml).decode()}, account)


def message_of(namespace: str, operation: str, given: Mapping[str, str], account: Account) -> bytes:
    """A message with what is given, and the account."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP, "op": namespace})
    etree.SubElement(envelope, f"{{{SOAP}}}Header")
    body = etree.SubElement(etree.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{namespace}}}{operation}")
    for name, text in {**given, "username": account.username, "password": account.password}.items():
        etree.SubElement(body, f"{{{namespace}}}{name}").text = text
    return bytes(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))


def read_answer(content: bytes) -> Answer:
    """What the service that stamps says. Raises `NotStamped` for what is no answer of it."""
    result = result_in(content, "stampResult", "stampedResult")
    incidents = tuple(
        (_text(each, "CodigoError"), _text(each, "MensajeIncidencia"))
        for each in result.iter(f"{{{ANSWER}}}Incidencia")
    )
    return Answer(_text(result, "xml").encode(), incidents)


def result_in(content: bytes, *names: str) -> Any:
    """The result in an answer by its name. Raises `NotStamped`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotStamped("unreadable") from error
    fault = root.find(f".//{{{SOAP}}}Fault")
    if fault is not None:
        raise NotStamped("busy", " ".join((fault.findtext("faultstring") or "").split()))
    result = next((each for each in root.iter() if _local(each) in names), None)
    if result is None:
        raise NotStamped("unreadable")
    return result


def _text(parent: Any, name: str) -> str:
    return (parent.findtext(f"{{{ANSWER}}}{name}") or "").strip()


def _local(element: Any) -> str:
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""
