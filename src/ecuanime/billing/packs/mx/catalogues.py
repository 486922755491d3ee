"""The keys of the SAT's catalogues that an invoice of a support firm needs (Anexo 20, catálogos del CFDI 4.0).

Their words stay in Spanish: they are those of the law. Which persons a regime is of, and which regimes may use what,
is in the columns of the SAT's c_RegimenFiscal and c_UsoCFDI, as of 21 August 2026: see docs/decisions/0010.
"""

from __future__ import annotations

from collections.abc import Mapping

REGIMES: Mapping[str, str] = {
    "601": "General de Ley Personas Morales",
    "603": "Personas Morales con Fines no Lucrativos",
    "605": "Sueldos y Salarios e Ingresos Asimilados a Salarios",
    "606": "Arrendamiento",
    "607": "Régimen de Enajenación o Adquisición de Bienes",
    "608": "Demás ingresos",
    "610": "Residentes en el Extranjero sin Establecimiento Permanente en México",
    "611": "Ingresos por Dividendos (socios y accionistas)",
    "612": "Personas Físicas con Actividades Empresariales y Profesionales",
    "614": "Ingresos por intereses",
    "615": "Régimen de los ingresos por obtención de premios",
    "616": "Sin obligaciones fiscales",
    "620": "Sociedades Cooperativas de Producción que optan por diferir sus ingresos",
    "621": "Incorporación Fiscal",
    "622": "Actividades Agrícolas, Ganaderas, Silvícolas y Pesqueras",
    "623": "Opcional para Grupos de Sociedades",
    "624": "Coordinados",
    "625": "Régimen de las Actividades Empresariales con ingresos a través de Plataformas Tecnológicas",
    "626": "Régimen Simplificado de Confianza",
}
"""c_RegimenFiscal."""
OF_COMPANIES = frozenset(("601", "603", "610", "620", "622", "623", "624", "626"))
OF_PERSONS = frozenset(
    ("605", "606", "607", "608", "610", "611", "612", "614", "615", "616", "621", "625", "626")
)
NO_OBLIGATIONS, SIMPLIFIED = "616", "626"

USES: Mapping[str, str] = {
    "G03": "Gastos en general",
    "G01": "Adquisición de mercancías",
    "I02": "Mobiliario y equipo de oficina por inversiones",
    "I04": "Equipo de cómputo y accesorios",
    "I06": "Comunicaciones telefónicas",
    "I08": "Otra maquinaria y equipo",
    "S01": "Sin efectos fiscales",
}
"""c_UsoCFDI, those that support and its goods are bought for."""
OF_CREDITS, NO_EFFECTS, OF_PAYMENTS = "G02", "S01", "CP01"
USED: Mapping[str, str] = {
    **USES,
    OF_CREDITS: "Devoluciones, descuentos o bonificaciones",
    OF_PAYMENTS: "Pagos",
}
"""With the uses that documents have by themselves."""
_OF_BUSINESSES = frozenset(("601", "603", "606", "612", "620", "621", "622", "623", "624", "625", "626"))
"""The regimes that may use G01–G03 and I01–I08; 616 may use G02 besides, and S01 and CP01 are for all."""

FORMS: Mapping[str, str] = {
    "01": "Efectivo",
    "02": "Cheque nominativo",
    "03": "Transferencia electrónica de fondos",
    "04": "Tarjeta de crédito",
    "15": "Condonación",
    "17": "Compensación",
    "28": "Tarjeta de débito",
}
"""c_FormaPago, without 99, which the law gives to what is paid later."""
TO_BE_KNOWN = "99"

METHODS: Mapping[str, str] = {
    "PPD": "Pago en parcialidades o diferido",
    "PUE": "Pago en una sola exhibición",
}
"""c_MetodoPago."""
LATER, AT_ONCE = "PPD", "PUE"

PUBLIC_RFC, FOREIGN_RFC = "XAXX010101000", "XEXX010101000"
"""For the public in general, and for whoever lives abroad (RMF 2.7.1.23)."""

PUBLIC_NAME = "PUBLICO EN GENERAL"
PERIODS: Mapping[str, str] = {"01": "Diario", "02": "Semanal", "03": "Quincenal", "04": "Mensual"}
"""c_Periodicidad; 05, every two months, is for the regime 621 alone and is not offered."""


def may_use(regime: str, use: str) -> bool:
    """Whether whoever is in a regime may give an invoice that use."""
    if use in (NO_EFFECTS, OF_PAYMENTS) or (regime, use) == (NO_OBLIGATIONS, OF_CREDITS):
        return True
    return regime in _OF_BUSINESSES
