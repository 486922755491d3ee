"""A double of a PAC on this machine, which speaks Finkok's protocol and keeps what it stamps as a PAC does.

A document is known by its seal and is stamped once: sent again it is told to be stamped before (307), and `stamped`
hands it over. What it is asked is held against the SAT's schema and original string where they are at hand, and its
seal is verified with the certificate in it. `plan` says what is done to the next requests, one each.
"""

from __future__ import annotations

from base64 import b64decode
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from uuid import uuid4

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree
from signxml import DigestAlgorithm, SignatureConfiguration, SignatureMethod, XMLVerifier

from ecuanime.billing.packs.mx.cfdi import original_string
from ecuanime.billing.packs.mx.cfdi.cancelling import CANCEL, DS
from ecuanime.billing.packs.mx.cfdi.stamps import TFD
from ecuanime.billing.packs.mx.cfdi.xml import CFDI
from ecuanime.billing.packs.mx.pac.finkok import ANSWER, SOAP, STAMP
from ecuanime.billing.packs.mx.pac.finkok import CANCEL as CANCEL_OPERATIONS
from tests.cfdi_schema import schema_faults
from tests.serving import Reply, served

USER, PASSWORD = "firma@nodoalisio.example", "clave del PAC"
SAT_NUMBER, PAC_RFC = "30001000000500003456", "SPR190613I52"
BEFORE = ("307", "El CFDI contiene un timbre previo")


@dataclass
class PacDouble:
    """`stamped` by seal. `plan` may hold `lost` (stamps, and hangs up before it answers), `drop` (hangs up unread),
    `503`, `garbage` and `fault`; `refuses` what is said against documents by receiver's RFC. `acceptance` is what a
    cancellation meets: `none` is needed, it is `awaited`, or `denied`; `cancelled` keeps the reason by UUID. What is in
    `unknown` the SAT has not got yet, and what is in `held` it does not cancel."""

    plan: deque[str] = field(default_factory=deque)
    refuses: dict[str, tuple[str, str]] = field(default_factory=dict)
    stamped: dict[str, bytes] = field(default_factory=dict)
    operations: list[str] = field(default_factory=list)
    hands_over: bool = True
    acceptance: str = "none"
    cancelled: dict[str, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    url: str = ""
    _lock: Lock = field(default_factory=Lock)

    def answer(self, content: bytes) -> tuple[int, bytes] | None:
        """Status and body for one request; None hangs up."""
        with self._lock:
            todo = self.plan.popleft() if self.plan else ""
            if todo == "drop":
                return None
            if todo in ("503", "garbage"):
                return (503, b"<html>") if todo == "503" else (200, b"<html>welcome</html>")
            if todo == "fault":
                return 500, _fault("senv:Server", "El servicio no responde")
            body = self._understood(content)
        return None if todo == "lost" else (200, body)

    def _understood(self, content: bytes) -> bytes:
        request = etree.fromstring(content).find(f"{{{SOAP}}}Body")[0]
        operation = etree.QName(request).localname
        self.operations.append(operation)
        given = {etree.QName(each).localname: each.text for each in request}
        if (given["username"], given["password"]) != (USER, PASSWORD):
            if operation in ("cancel_signature", "get_sat_status"):
                return _failed(operation, "Invalid Username or Password")
            return _answer(operation, incidents=[("300", "El usuario o contraseña son inválidos")])
        if operation == "get_sat_status":
            if given["uuid"] in self.unknown:
                return _standing(("Vigente", ""), found="N - 602: Comprobante no encontrado.")
            return _standing(self._stands(given))
        xml = b64decode(given["xml"])
        if operation == "cancel_signature":
            return self._cancelled(xml)
        root = etree.fromstring(xml)
        seal = root.get("Sello")
        if operation == "stamped":
            known = self.stamped.get(seal, b"") if self.hands_over else b""
            return _answer(operation, xml=known)
        if seal in self.stamped:
            return _answer(operation, incidents=[BEFORE, BEFORE])
        wrong = self._against(root, xml)
        if wrong:
            return _answer(operation, incidents=[wrong])
        self.stamped[seal] = _with_stamp(root)
        return _answer(operation, xml=self.stamped[seal])

    def _cancelled(self, xml: bytes) -> bytes:
        """The signature is verified with the certificate in it, and the UUID must be one that was stamped here."""
        root = etree.fromstring(xml)
        certificate = b64decode(root.findtext(f".//{{{DS}}}X509Certificate"))
        sha1 = SignatureConfiguration(
            signature_methods=frozenset({SignatureMethod.RSA_SHA1}),
            digest_algorithms=frozenset({DigestAlgorithm.SHA1}),
        )
        verifier = XMLVerifier()
        # Without it libxml2's canonical form of a part loses the namespace that its parent declares.
        verifier.excise_empty_xmlns_declarations = True
        verifier.verify(xml, x509_cert=x509.load_der_x509_certificate(certificate), expect_config=sha1)
        folio = root.find(f".//{{{CANCEL}}}Folio")
        uuid = folio.get("UUID")
        if uuid in self.unknown or not any(uuid.encode() in stamped for stamped in self.stamped.values()):
            return _folio(uuid, "205", "")
        if uuid in self.held:
            return _folio(uuid, "no_cancelable", "")
        code = "202" if uuid in self.cancelled else "201"
        self.cancelled.setdefault(uuid, folio.get("Motivo"))
        return _folio(uuid, code, "En proceso")

    def _stands(self, given: dict[str, str]) -> tuple[str, str]:
        if given["uuid"] not in self.cancelled:
            return "Vigente", ""
        return {
            "none": ("Cancelado", "Cancelado sin aceptación"),
            "awaited": ("Vigente", "En proceso"),
            "denied": ("Vigente", "Solicitud rechazada"),
        }[self.acceptance]

    def _against(self, root: Any, xml: bytes) -> tuple[str, str] | None:
        faults = schema_faults(xml)
        if faults:
            return "301", faults[0]
        if not _is_sealed(root):
            return "302", "Sello mal formado o inválido"
        receiver = root.find(f"{{{CFDI}}}Receptor").get("Rfc")
        return self.refuses.get(receiver)


def _is_sealed(root: Any) -> bool:
    certificate = x509.load_der_x509_certificate(b64decode(root.get("Certificado")))
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    try:
        signature = b64decode(root.get("Sello"))
        key.verify(signature, original_string(root).encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def _with_stamp(root: Any) -> bytes:
    stamped = deepcopy(root)
    complement = etree.SubElement(stamped, f"{{{CFDI}}}Complemento")
    stamp = etree.SubElement(complement, f"{{{TFD}}}TimbreFiscalDigital", nsmap={"tfd": TFD})
    for name, value in (
        ("Version", "1.1"),
        ("UUID", str(uuid4()).upper()),
        ("FechaTimbrado", root.get("Fecha")),
        ("RfcProvCertif", PAC_RFC),
        ("SelloCFD", root.get("Sello")),
        ("NoCertificadoSAT", SAT_NUMBER),
        ("SelloSAT", root.get("Sello")[::-1]),
    ):
        stamp.set(name, value)
    return bytes(etree.tostring(stamped, xml_declaration=True, encoding="UTF-8"))


def _answer(operation: str, *, xml: bytes = b"", incidents: Any = ()) -> bytes:
    result, envelope = _result(STAMP, operation)
    etree.SubElement(result, f"{{{ANSWER}}}xml").text = xml.decode()
    if xml:
        etree.SubElement(result, f"{{{ANSWER}}}CodEstatus").text = "Comprobante timbrado satisfactoriamente"
    listed = etree.SubElement(result, f"{{{ANSWER}}}Incidencias")
    for code, words in incidents:
        row = etree.SubElement(listed, f"{{{ANSWER}}}Incidencia")
        etree.SubElement(row, f"{{{ANSWER}}}CodigoError").text = code
        etree.SubElement(row, f"{{{ANSWER}}}MensajeIncidencia").text = words
    return bytes(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))


def _folio(uuid: str, code: str, words: str) -> bytes:
    result, envelope = _result(CANCEL_OPERATIONS, "cancel_signature")
    folio = etree.SubElement(etree.SubElement(result, f"{{{ANSWER}}}Folios"), f"{{{ANSWER}}}Folio")
    for name, text in (("UUID", uuid), ("EstatusUUID", code), ("EstatusCancelacion", words)):
        etree.SubElement(folio, f"{{{ANSWER}}}{name}").text = text
    return bytes(etree.tostring(envelope))


def _failed(operation: str, words: str) -> bytes:
    result, envelope = _result(CANCEL_OPERATIONS, operation)
    name = "CodEstatus" if operation == "cancel_signature" else "error"
    etree.SubElement(result, f"{{{ANSWER}}}{name}").text = words
    return bytes(etree.tostring(envelope))


def _standing(told: tuple[str, str], found: str = "S - Comprobante obtenido satisfactoriamente.") -> bytes:
    result, envelope = _result(CANCEL_OPERATIONS, "get_sat_status")
    sat = etree.SubElement(result, f"{{{ANSWER}}}sat")
    etree.SubElement(sat, f"{{{ANSWER}}}CodigoEstatus").text = found
    etree.SubElement(sat, f"{{{ANSWER}}}Estado").text = told[0]
    etree.SubElement(sat, f"{{{ANSWER}}}EsCancelable").text = "Cancelable con aceptación"
    etree.SubElement(sat, f"{{{ANSWER}}}EstatusCancelacion").text = told[1]
    return bytes(etree.tostring(envelope))


def _result(namespace: str, operation: str) -> tuple[Any, Any]:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"senv": SOAP, "s0": ANSWER, "tns": namespace})
    outer = etree.SubElement(
        etree.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{namespace}}}{operation}Response"
    )
    return etree.SubElement(outer, f"{{{namespace}}}{operation}Result"), envelope


def _fault(code: str, words: str) -> bytes:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"senv": SOAP})
    fault = etree.SubElement(etree.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{SOAP}}}Fault")
    etree.SubElement(fault, "faultcode").text = code
    etree.SubElement(fault, "faultstring").text = words
    return bytes(etree.tostring(envelope))


@contextmanager
def pac_on_this_machine() -> Iterator[PacDouble]:
    """The double, listening until the block ends."""
    double = PacDouble()

    def answering(_request: object, content: bytes) -> Reply | None:
        answer = double.answer(content)
        return answer and Reply(*answer, "text/xml; charset=utf-8")

    with served(answering) as port:
        double.url = f"http://127.0.0.1:{port}/servicios/soap/stamp"
        yield double
