"""A record as the agency's schema writes it: the order of the elements is that of `SuministroInformacion.xsd`."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from ecuanime.billing.packs.es.verifactu.values import (
    Correction,
    Detail,
    InvoiceId,
    Link,
    Recipient,
    Record,
    Registration,
    System,
    amount_text,
    date_text,
    moment_text,
)

NAMESPACE = (
    "https://www2.agenciatributaria.gob.es/static_files/common/internet/dep/aplicaciones/es/aeat/tike/cont/ws/"
    "SuministroInformacion.xsd"
)
SCHEMA_VERSION = "1.0"
SHA_256 = "01"


def xml_of(record: Record) -> str:
    """The sealed record as the one text that is kept, sent and verified: no declaration, no spaces between elements."""
    kind = "RegistroAlta" if isinstance(record, Registration) else "RegistroAnulacion"
    root = etree.Element(f"{{{NAMESPACE}}}{kind}", nsmap={"sf": NAMESPACE})
    _put(root, "IDVersion", SCHEMA_VERSION)
    if isinstance(record, Registration):
        _registration(root, record)
    else:
        _invoice(root, "IDFactura", record.invoice, "Anulada")
        _flag(root, "SinRegistroPrevio", record.without_previous_record)
        _maybe(root, "RechazoPrevio", record.previous_rejection)
    _chain(root, record.previous)
    _system(root, record.system)
    _put(root, "FechaHoraHusoGenRegistro", moment_text(record.generated_at))
    _put(root, "TipoHuella", SHA_256)
    _put(root, "Huella", record.huella)
    return str(etree.tostring(root, encoding="unicode"))


def _registration(root: etree._Element, record: Registration) -> None:
    _invoice(root, "IDFactura", record.invoice)
    _put(root, "NombreRazonEmisor", record.issuer_name)
    _flag(root, "Subsanacion", record.is_amendment)
    _maybe(root, "RechazoPrevio", record.previous_rejection)
    _put(root, "TipoFactura", record.type.value)
    if record.correction:
        _correction(root, record.correction)
    if record.replaces:
        replaced = _put(root, "FacturasSustituidas")
        for invoice in record.replaces:
            _invoice(replaced, "IDFacturaSustituida", invoice)
    if record.correction and record.correction.by_substitution:
        replaced = _put(root, "ImporteRectificacion")
        _put(replaced, "BaseRectificada", amount_text(record.correction.base))
        _put(replaced, "CuotaRectificada", amount_text(record.correction.quota))
        if record.correction.surcharge:
            _put(replaced, "CuotaRecargoRectificado", amount_text(record.correction.surcharge))
    _maybe(root, "FechaOperacion", date_text(record.operation_on) if record.operation_on else "")
    _put(root, "DescripcionOperacion", record.description)
    _flag(root, "FacturaSinIdentifDestinatarioArt61d", record.without_recipient_id)
    if record.recipients:
        recipients = _put(root, "Destinatarios")
        for recipient in record.recipients:
            _recipient(recipients, recipient)
    breakdown = _put(root, "Desglose")
    for detail in record.details:
        _detail(breakdown, detail)
    _put(root, "CuotaTotal", amount_text(record.quota_total))
    _put(root, "ImporteTotal", amount_text(record.total))


def _correction(root: etree._Element, correction: Correction) -> None:
    _put(root, "TipoRectificativa", correction.kind)
    if correction.invoices:
        corrected = _put(root, "FacturasRectificadas")
        for invoice in correction.invoices:
            _invoice(corrected, "IDFacturaRectificada", invoice)


def _recipient(recipients: etree._Element, recipient: Recipient) -> None:
    element = _put(recipients, "IDDestinatario")
    _put(element, "NombreRazon", recipient.name)
    if recipient.foreign is None:
        _put(element, "NIF", recipient.nif)
        return
    other = _put(element, "IDOtro")
    _maybe(other, "CodigoPais", recipient.foreign.country)
    _put(other, "IDType", recipient.foreign.kind)
    _put(other, "ID", recipient.foreign.number)


def _detail(breakdown: etree._Element, detail: Detail) -> None:
    line = _put(breakdown, "DetalleDesglose")
    _put(line, "Impuesto", detail.tax)
    _maybe(line, "ClaveRegimen", detail.regime)
    _put(line, "OperacionExenta" if detail.is_exempt else "CalificacionOperacion", detail.treatment)
    _rate(line, "TipoImpositivo", detail.rate)
    _put(line, "BaseImponibleOimporteNoSujeto", amount_text(detail.base))
    _amount(line, "CuotaRepercutida", detail.quota)
    _rate(line, "TipoRecargoEquivalencia", detail.surcharge_rate)
    _amount(line, "CuotaRecargoEquivalencia", detail.surcharge)


def _chain(root: etree._Element, previous: Link | None) -> None:
    chain = _put(root, "Encadenamiento")
    if previous is None:
        _put(chain, "PrimerRegistro", "S")
        return
    before = _invoice(chain, "RegistroAnterior", previous.invoice)
    _put(before, "Huella", previous.huella)


def _system(root: etree._Element, system: System) -> None:
    element = _put(root, "SistemaInformatico")
    _put(element, "NombreRazon", system.producer_name)
    _put(element, "NIF", system.producer_nif)
    _put(element, "NombreSistemaInformatico", system.name)
    _put(element, "IdSistemaInformatico", system.code)
    _put(element, "Version", system.version)
    _put(element, "NumeroInstalacion", system.installation)
    _put(element, "TipoUsoPosibleSoloVerifactu", _yes(system.only_verifactu))
    _put(element, "TipoUsoPosibleMultiOT", _yes(system.several_taxpayers))
    _put(element, "IndicadorMultiplesOT", _yes(system.used_by_several))


def _invoice(parent: etree._Element, name: str, invoice: InvoiceId, end: str = "") -> etree._Element:
    element = _put(parent, name)
    _put(element, f"IDEmisorFactura{end}", invoice.nif)
    _put(element, f"NumSerieFactura{end}", invoice.serial)
    _put(element, f"FechaExpedicionFactura{end}", date_text(invoice.issued_on))
    return element


def _put(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    element.text = text
    return element


def _maybe(parent: etree._Element, name: str, text: str) -> None:
    if text:
        _put(parent, name, text)


def _flag(parent: etree._Element, name: str, is_set: bool) -> None:
    if is_set:
        _put(parent, name, "S")


def _rate(parent: etree._Element, name: str, rate: Decimal | None) -> None:
    if rate is not None:
        _put(parent, name, f"{rate:.2f}")


def _amount(parent: etree._Element, name: str, cents: int | None) -> None:
    if cents is not None:
        _put(parent, name, amount_text(cents))


def _yes(is_so: bool) -> str:
    return "S" if is_so else "N"
