"""What came in the last days from the bank and from suppliers, in the files in which it comes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from xml.sax.saxutils import escape

from ecuanime.billing.actions import file_received, file_statement
from ecuanime.billing.einvoice.ubl import as_ubl
from ecuanime.billing.einvoice.values import REVERSE, ElectronicInvoice, Item, Kind, Party, Tax
from ecuanime.billing.models import Invoice
from ecuanime.demo.cast import made_up_tax_id
from ecuanime.demo.diary import DAY
from ecuanime.demo.world import World
from ecuanime.rules.money import currency_exponent
from ecuanime.staff.models import Firm
from ecuanime.staff.queries import the_firm

SUPPLIERS = (
    (
        Party(name="Centro de Datos Guadaira, S. L.", vat_id=f"ES{made_up_tax_id(990)}", country="ES"),
        "Alojamiento",
        "96.00",
        21,
    ),
    (Party(name="Halfway Cloud Ltd", vat_id="IE0000002D", country="IE"), "Cloud hosting", "58.40", None),
)
"""Who bills the firm, for what, how much without tax, and at which rate; None where the firm accounts for it."""


def file_money(world: World) -> None:
    """File the statement of the bank and the invoices of suppliers, which wait for somebody to look at them."""
    clerk, firm = world.staff["mario"], the_firm()
    file_statement(content=_statement(world, firm), by=clerk, now=world.now)
    for place, (supplier, what, net, rate) in enumerate(SUPPLIERS):
        paper = _bill(world, firm, supplier, what, Decimal(net), rate)
        file_received(content=as_ubl(paper), by=clerk, now=world.now - timedelta(hours=2 + place))


def _bill(
    world: World, firm: Firm, seller: Party, what: str, net: Decimal, rate: int | None
) -> ElectronicInvoice:
    category, percent = (REVERSE, None) if rate is None else ("S", Decimal(rate))
    tax = (net * (percent or 0) / 100).quantize(Decimal("0.01"))
    item = Item(
        number=1,
        name=what,
        quantity=Decimal(1),
        unit="C62",
        price=net,
        amount=net,
        category=category,
        rate=percent,
    )
    return ElectronicInvoice(
        kind=Kind.INVOICE,
        number=f"{world.today:%Y}-{seller.vat_id[-4:]}",
        issued_on=world.today - DAY * 6,
        currency="EUR",
        digits=2,
        language="es",
        seller=seller,
        buyer=Party(name=firm.name, vat_id=f"ES{firm.tax_id}", country="ES"),
        items=(item,),
        taxes=(Tax(category=category, rate=percent, base=net, amount=tax),),
        net=net,
        tax=tax,
        total=net + tax,
    )


def _statement(world: World, firm: Firm) -> bytes:
    """Two invoices are paid, one by its number and one a little too high by its client's name; and rent leaves."""
    owed = [
        invoice
        for invoice in Invoice.objects.filter(state=Invoice.State.ISSUED, currency="EUR").order_by("pk")
        if invoice.owed > 0 and invoice.kind != Invoice.Kind.PRO_FORMA
    ]
    entries = [_entry(world, 1, Decimal("-1150.00"), "INMOBILIARIA RIBERA SA", "ALQUILER OFICINA")]
    for place, invoice in enumerate(owed[:2], start=2):
        by_number = place == 2
        amount = Decimal(invoice.owed).scaleb(-currency_exponent(invoice.currency))
        said = f"PAGO FACTURA {invoice.number}" if by_number else "TRANSFERENCIA"
        entries.append(_entry(world, place, amount if by_number else amount + 10, invoice.client.name, said))
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>'
        f"<Acct><Id><IBAN>{firm.iban}</IBAN></Id></Acct>{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _entry(world: World, place: int, amount: Decimal, name: str, said: str) -> str:
    side, role = ("CRDT", "Dbtr") if amount > 0 else ("DBIT", "Cdtr")
    day = (world.today - DAY * place).isoformat()
    return (
        f'<Ntry><Amt Ccy="EUR">{abs(amount)}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{world.today:%Y%m%d}{place:04}</AcctSvcrRef><NtryDtls><TxDtls>"
        f"<RltdPties><{role}><Nm>{escape(name.upper())}</Nm></{role}></RltdPties>"
        f"<RmtInf><Ustrd>{escape(said)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
