"""Records of invoices as they are stored, as small as the schema lets them be, for tests of the wire alone."""

from __future__ import annotations

from ecuanime.billing.packs.es.agency.names import SF
from ecuanime.billing.packs.es.agency.submissions import Issuer

ISSUER = Issuer("Prueba, S. L.", "B12345674")
SYSTEM = (
    "<sf:SistemaInformatico><sf:NombreRazon>Prueba, S. L.</sf:NombreRazon><sf:NIF>B12345674</sf:NIF>"
    "<sf:NombreSistemaInformatico>Ecuánime</sf:NombreSistemaInformatico>"
    "<sf:IdSistemaInformatico>EC</sf:IdSistemaInformatico><sf:Version>1</sf:Version>"
    "<sf:NumeroInstalacion>1</sf:NumeroInstalacion><sf:TipoUsoPosibleSoloVerifactu>S</sf:TipoUsoPosibleSoloVerifactu>"
    "<sf:TipoUsoPosibleMultiOT>N</sf:TipoUsoPosibleMultiOT><sf:IndicadorMultiplesOT>N</sf:IndicadorMultiplesOT>"
    "</sf:SistemaInformatico><sf:FechaHoraHusoGenRegistro>2026-11-30T19:00:00+01:00</sf:FechaHoraHusoGenRegistro>"
    "<sf:TipoHuella>01</sf:TipoHuella>"
)
CHAIN = "<sf:Encadenamiento><sf:PrimerRegistro>S</sf:PrimerRegistro></sf:Encadenamiento>"


def registration(number: str = "F-2026-0001", *, extra: str = "", huella: str = "A" * 64) -> bytes:
    """The record of an invoice of 30-11-2026; `extra` follows the issuer's name."""
    return (
        f'<sf:RegistroAlta xmlns:sf="{SF}"><sf:IDVersion>1.0</sf:IDVersion><sf:IDFactura>'
        f"<sf:IDEmisorFactura>B12345674</sf:IDEmisorFactura><sf:NumSerieFactura>{number}</sf:NumSerieFactura>"
        "<sf:FechaExpedicionFactura>30-11-2026</sf:FechaExpedicionFactura></sf:IDFactura>"
        f"<sf:NombreRazonEmisor>Prueba, S. L.</sf:NombreRazonEmisor>{extra}<sf:TipoFactura>F2</sf:TipoFactura>"
        "<sf:DescripcionOperacion>Soporte &amp; más</sf:DescripcionOperacion><sf:Desglose><sf:DetalleDesglose>"
        "<sf:Impuesto>01</sf:Impuesto><sf:ClaveRegimen>01</sf:ClaveRegimen>"
        "<sf:CalificacionOperacion>S1</sf:CalificacionOperacion><sf:TipoImpositivo>21.00</sf:TipoImpositivo>"
        "<sf:BaseImponibleOimporteNoSujeto>10.00</sf:BaseImponibleOimporteNoSujeto>"
        "<sf:CuotaRepercutida>2.10</sf:CuotaRepercutida></sf:DetalleDesglose></sf:Desglose>"
        "<sf:CuotaTotal>2.10</sf:CuotaTotal><sf:ImporteTotal>12.10</sf:ImporteTotal>"
        f"{CHAIN}{SYSTEM}<sf:Huella>{huella}</sf:Huella></sf:RegistroAlta>"
    ).encode()


def cancellation(number: str = "F-2026-0001", *, huella: str = "B" * 64) -> bytes:
    """The record that takes that invoice back."""
    return (
        f'<sf:RegistroAnulacion xmlns:sf="{SF}"><sf:IDVersion>1.0</sf:IDVersion><sf:IDFactura>'
        "<sf:IDEmisorFacturaAnulada>B12345674</sf:IDEmisorFacturaAnulada>"
        f"<sf:NumSerieFacturaAnulada>{number}</sf:NumSerieFacturaAnulada>"
        "<sf:FechaExpedicionFacturaAnulada>30-11-2026</sf:FechaExpedicionFacturaAnulada></sf:IDFactura>"
        f"{CHAIN}{SYSTEM}<sf:Huella>{huella}</sf:Huella></sf:RegistroAnulacion>"
    ).encode()
