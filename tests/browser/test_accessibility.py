"""Every main page passes axe-core, light and dark, on a desk and on a phone, and none scrolls sideways."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator

from ecuanime.accounts.models import Role, User
from ecuanime.billing.models import (
    BankEntry,
    Batch,
    CardEvent,
    Charge,
    CollectedInvoice,
    HandedOver,
    Invoice,
    InvoiceLine,
    Payment,
    ReceivedInvoice,
    Run,
)
from ecuanime.billing.queries import key_of
from ecuanime.channels.models import MailRule
from ecuanime.clients.models import Contact, DossierSection
from ecuanime.contracts.models import Contract
from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.emergencies.links import path_of_link
from ecuanime.emergencies.models import CaseLink
from ecuanime.entitlements.models import Lot
from ecuanime.imports.models import Import
from ecuanime.procedures.models import Checklist
from ecuanime.staff.models import ProductArea, Team
from ecuanime.tickets.models import BulkRun, Macro, Opinion, Queue, SavedView, Ticket, TicketField
from ecuanime.tickets.opinions import opinion_link
from ecuanime.worklog.models import EntryState, TimeEntry
from tests.browser.axe import Windows, look, needs_axe
from tests.browser.house import House
from tests.factories.billing import make_handed_over
from tests.factories.cards import make_card_event

pytestmark = needs_axe

STRANGER = (
    "/cuenta/login/",
    "/cuenta/enlace/",
    "/pedir/",
    "/cuenta/enlace/enviado/",
    "/cuenta/password/reset/",
    "/entrar/no-such-link/",
    "/inicio/no-such-link/",
    "/pedir/no-such-token/",
    "/urgencia/",
    "/urgencia/enviada/",
    "/urgencia/no-such-token/",
    "{case}",
    "/cuenta/password/reset/done/",
    "/cuenta/password/reset/key/1-x/",
    "/cuenta/inactiva/",
    "/cuenta/password/reset/key/done/",
    "{opinion}",
)
TECHNICIAN = (
    "/bandeja/abiertos/",
    "/bandeja/por-identificar/",
    "/bandeja/vistas/nueva/?vista=abiertos",
    "/macros/",
    "/macros/nueva/",
    "/tickets/nuevo/",
    "/tickets/{ticket}/",
    "/tickets/{ticket}/plazos/",
    "/tickets/{ticket}/vincular/",
    "/tickets/{ticket}/separar/",
    "/tickets/{ticket}/historial/",
    "/tickets/{ticket}/caida/",
    "/tickets/{stray}/",
    "/tickets/{stray}/identificar/",
    "/buscar/?q=correo",
    "/equipo/",
    "/avisos/",
    "/cuenta/avisos/",
    "/cronometro/",
    "/horas/mi-dia/2026-11-12/",
    "/horas/partes/{entry}/",
    "/horas/jornada/",
    "/cuenta/",
    "/cuenta/tokens/",
    "/cuenta/2fa/",
    "/cuenta/2fa/passkeys/nueva/",
    "/cuenta/password/change/",
    "/clientes/{client}/",
    "/no/hay/nada/",
    "/ajustes/",  # not theirs: 403
    "/bandeja/vistas/{view}/",
    "/bandeja/varios/{bulk}/",
    "/tickets/{ticket}/macros/{macro}/",
    "/horas/partes/{entry}/borrar/",
    "/clientes/{client}/memoria/{section}/",
    "/cuenta/logout/",
    "/cuenta/proveedores/",
    "/cuenta/2fa/passkeys/",
    "/cuenta/2fa/passkeys/{passkey}/",
    "/cuenta/2fa/passkeys/{passkey}/quitar/",
    "/cuenta/2fa/totp/deactivate/",
    "/cuenta/2fa/codes/",
    "/cuenta/2fa/codes/generate/",
    "/cuenta/reauthenticate/",
    "/cuenta/2fa/reauthenticate/",
    "/bandeja/unir/?t={ticket}&t={own}",
)
ADMINISTRATOR = (
    "/clientes/",
    "/clientes/nuevo/",
    "/clientes/{client}/",
    "/clientes/{client}/tickets/",
    "/clientes/{client}/libro/",
    "/clientes/{client}/extracto/",
    "/clientes/{client}/datos/",
    "/clientes/{client}/memoria/",
    "/clientes/{client}/personas/",
    "/clientes/{client}/personas/{contact}/",
    "/clientes/{client}/contratos/nuevo/",
    "/clientes/{client}/contratos/",
    "/clientes/{client}/ofertas/nueva/",
    "/clientes/{client}/cuenta/",
    "/ajustes/listas/",
    "/ajustes/mesa/",
    "/planes/",
    "/planes/nuevo/",
    "/planes/{plan}/",
    "/planes/{plan}/editar/",
    "/contratos/",
    "/contratos/{contract}/",
    "/contratos/{contract}/libro/",
    "/contratos/{contract}/terminar/",
    "/contratos/{contract}/liquidar/",
    "/contratos/{contract}/retarificar/",
    "/contratos/{quote}/",
    "/contratos/{quote}/aceptar/",
    "/simulador/?contrato={contract}",
    "/plazos/",
    "/plazos/colas/{queue}/",
    "/plazos/cumplimiento/?mes=2026-11",
    "/plazos/calcular/?abierto=2026-11-03T09:00&ahora=2026-11-03T12:00&plazo=2 h",
    "/clientes/{client}/cumplimiento/?mes=2026-11",
    "/contratos/{contract}/plazos/",
    "/bonos/{lot}/anular/",
    "/bonos/{lot}/cubrir/",
    "/bonos/{lot}/traspasar/",
    "/horas/2026-11-10/",
    "/horas/2026-11-11/",
    "/horas/entradas/{entry}/",
    "/horas/entradas/{sent}/",
    "/horas/entradas/{approved}/",
    "/correo/entrante/cuarentena/",
    "/correo/saliente/{outgoing}/carta/",
    "/ajustes/empresa/",
    "/ajustes/horario/",
    "/ajustes/areas/",
    "/ajustes/colas/",
    "/ajustes/facturacion/",
    "/ajustes/espana/",
    "/ajustes/mexico/",
    "/ajustes/tarjeta/",
    "/facturas/registro/",
    "/ajustes/correo/",
    "/ajustes/correo/nuevo/",
    "/ajustes/correo/reglas/",
    "/ajustes/personas/",
    "/ajustes/personas/{person}/",
    "/ajustes/personas/{person}/horario/",
    "/ajustes/equipos/",
    "/ajustes/datos/",
    "/ajustes/datos/{brought}/",
    "/facturas/",
    "/facturas/?ver=borradores",
    "/facturas/preparar/",
    "/facturas/pasadas/{run}/",
    "/facturas/antiguedad/",
    "/facturas/exportar/horas-sin-usar/?dia=2026-12-01",
    "/facturas/exportar/diario/",
    "/facturas/exportar/",
    "/facturas/exportar/traspaso/",
    "/facturas/exportar/traspaso/{hand_over}/",
    "/facturas/exportar/traspaso/documentos/{handed_over}/",
    "/facturas/recibidas/",
    "/facturas/recibidas/{received}/",
    "/facturas/recibidas/aduana/",
    "/facturas/recibidas/a-mano/",
    "/facturas/banco/",
    "/facturas/banco/{bank}/",
    "/facturas/banco/tarjeta/",
    "/facturas/banco/tarjeta/{card}/",
    "/facturas/banco/remesas/",
    "/facturas/banco/remesas/nueva/",
    "/facturas/banco/remesas/{collection}/",
    "/facturas/banco/remesas/{collection}/devolver/{debit}/",
    "/clientes/{client}/mandatos/",
    "/ajustes/banco/",
    "/facturas/{invoice}/",
    "/facturas/{invoice}/rectificar/",
    "/facturas/{invoice}/rectificar/lineas/",
    "/facturas/emitir/",
    "/facturas/libros/",
    "/facturas/libros/impuestos/",
    "/facturas/libros/cambios/",
    "/facturas/fiscal/envios/",
    "/facturas/fiscal/certificado/",
    "/facturas/timbrado/",
    "/facturas/timbrado/publico/",
    "/clientes/{client}/sat/",
    "/facturas/{draft}/",
    "/facturas/{draft}/emitir/",
    "/facturas/{draft}/descartar/",
    "/facturas/{draft}/lineas/{line}/descuento/",
    "/contratos/{contract}/vender/",
    "/macros/{macro}/",
    "/clientes/{client}/plazos/",
    "/contratos/{drafted}/oferta/",
    "/facturas/lotes/{batch}/",
    "/correo/saliente/en-espera/",
    "/ajustes/mesa/datos/{field}/",
    "/ajustes/listas/{checklist}/",
    "/ajustes/areas/{area}/",
    "/ajustes/colas/{queue}/",
    "/ajustes/correo/{mailbox}/",
    "/ajustes/correo/reglas/{rule}/",
    "/ajustes/equipos/{team}/",
    "/bonos/{lot}/reponer/",
    "/bonos/{lot}/revalorizar/",
    "/bonos/{ordered}/devolver/",
    "/cuotas/{fee}/rectificar/",
    "/facturas/{paid}/cobros/{payment}/corregir/",
    "/facturas/{paid}/incobrable/",
    "/facturas/{paid}/cobros/{payment}/impugnar/",
    "/cuenta/2fa/totp/activate/",
)
CLIENT = (
    "/portal/",
    "/portal/peticiones/",
    "/portal/cumplimiento/?mes=2026-11",
    "/portal/peticiones/nueva/",
    "/portal/peticiones/{ticket}/",
    "/portal/horas/",
    "/portal/horas/trabajos/",
    "/portal/horas/trabajos/{waiting}/",
    "/portal/horas/aprobar/",
    "/portal/horas/aprobar/{waiting}/no-reconocer/",
    "/portal/horas/sustitutos/",
    "/portal/horas/{contract}/extracto/",
    "/portal/horas/extracto/",
    "/portal/horas/{contract}/comprar/",
    "/portal/contratos/",
    "/portal/contratos/{quote}/",
    "/portal/facturas/",
    "/portal/facturas/cuenta/",
    "/portal/facturas/{invoice}/",
    "/portal/facturas/no-such-number/",
    "/portal/memoria/",
    "/portal/personas/",
)


@pytest.fixture(scope="module")
def places(house: House) -> dict[str, Any]:
    """What stands in the addresses: one of everything."""
    offered = Contract.objects.filter(client__code=first_client())
    payment = Payment.objects.select_related("invoice").earliest("pk")
    if not HandedOver.objects.exists():
        issued = Invoice.objects.filter(state=Invoice.State.ISSUED).earliest("pk")
        make_handed_over(issued, User.objects.earliest("pk"))
    contract = offered.filter(state=Contract.State.ACTIVE, lots__isnull=False).distinct().get()
    return {
        "ticket": Ticket.objects.filter(client__code=first_client()).earliest("pk").number,
        "stray": Ticket.objects.filter(client=None).earliest("pk").number,
        "client": first_client(),
        "contact": Contact.objects.get(client__code=first_client(), is_project_lead=True).pk,
        "contract": contract.number,
        "quote": offered.get(state=Contract.State.QUOTED).number,
        "brought": Import.objects.get().pk,
        "approved": TimeEntry.objects.filter(state=EntryState.APPROVED).earliest("pk").pk,
        "plan": contract.version.plan.code,
        "lot": Lot.objects.filter(contract=contract).earliest("pk").code,
        "entry": TimeEntry.objects.filter(state=EntryState.OPEN).earliest("pk").pk,
        "sent": TimeEntry.objects.exclude(state=EntryState.OPEN).latest("pk").pk,
        "outgoing": OutgoingMail.objects.earliest("pk").pk,
        "waiting": TimeEntry.objects.filter(state=EntryState.REVIEWED).earliest("pk").pk,
        "run": Run.objects.earliest("pk").pk,
        "invoice": Invoice.objects.filter(state=Invoice.State.ISSUED).earliest("pk").number,
        "received": ReceivedInvoice.objects.get().pk,
        "debit": CollectedInvoice.objects.get().pk,
        "hand_over": HandedOver.objects.get().hand_over_id,
        "handed_over": HandedOver.objects.get().pk,
        "collection": CollectedInvoice.objects.get().collection_id,
        "card": (CardEvent.objects.first() or make_card_event()).pk,
        "bank": BankEntry.objects.earliest("pk").pk,
        "draft": key_of(Invoice.objects.filter(state=Invoice.State.DRAFT).earliest("pk")),
        "line": InvoiceLine.objects.filter(invoice__state=Invoice.State.DRAFT).earliest("invoice", "pk").pk,
        "person": User.objects.get(roles=[Role.TECHNICIAN]).pk,
        "queue": Queue.objects.earliest("pk").pk,
        "drafted": offered.get(state=Contract.State.DRAFT).number,
        "section": DossierSection.objects.get().pk,
        "view": SavedView.objects.get().pk,
        "bulk": BulkRun.objects.get().pk,
        "macro": Macro.objects.get().pk,
        "batch": Batch.objects.get().pk,
        "field": TicketField.objects.get().pk,
        "checklist": Checklist.objects.get().pk,
        "area": ProductArea.objects.get().pk,
        "mailbox": Mailbox.objects.get().pk,
        "rule": MailRule.objects.get().pk,
        "team": Team.objects.get().pk,
        "own": Ticket.objects.filter(client__code=first_client()).latest("pk").number,
        "opinion": urlsplit(opinion_link(Opinion.objects.get())).path,
        "case": path_of_link(CaseLink.objects.get()),
        "passkey": Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).earliest("pk").pk,
        "ordered": Charge.objects.filter(lot__isnull=False).earliest("pk").lot.code,
        "fee": Charge.objects.filter(lot=None).earliest("pk").pk,
        "payment": payment.pk,
        "paid": key_of(payment.invoice),
    }


@pytest.mark.parametrize("path", STRANGER)
def test_a_stranger(path: str, windows: Windows, places: dict[str, Any]) -> None:
    look(windows.of(None), path.format(**places))


@pytest.mark.parametrize("path", TECHNICIAN)
def test_a_technician(path: str, windows: Windows, places: dict[str, Any]) -> None:
    look(windows.of(User.objects.get(roles=[Role.TECHNICIAN])), path.format(**places))


@pytest.mark.parametrize("path", ADMINISTRATOR)
def test_an_administrator(path: str, windows: Windows, places: dict[str, Any]) -> None:
    look(windows.of(User.objects.get(roles=[Role.ADMINISTRATOR])), path.format(**places))


@pytest.mark.parametrize("path", CLIENT)
def test_a_project_lead(path: str, windows: Windows, places: dict[str, Any]) -> None:
    lead = Contact.objects.get(client__code=first_client(), is_project_lead=True)
    look(windows.of(lead.user), path.format(**places))


def first_client() -> str:
    """The code of the client whose time was billed."""
    return (
        Invoice.objects.filter(state=Invoice.State.ISSUED).select_related("client").earliest("pk").client.code
    )
