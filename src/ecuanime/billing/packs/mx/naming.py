"""What names a stamped CFDI to the SAT."""

from __future__ import annotations

from ecuanime.billing.models import Cfdi
from ecuanime.billing.packs.mx.cfdi.stamps import parse
from ecuanime.billing.packs.mx.cfdi.xml import CFDI
from ecuanime.billing.packs.mx.pac.contract import Question


def question_of(cfdi: Cfdi) -> Question:
    """What names a stamped CFDI to the SAT."""
    root = parse(cfdi.stamped.encode())

    def rfc(name: str) -> str:
        return str(root.find(f"{{{CFDI}}}{name}").get("Rfc"))

    return Question(rfc("Emisor"), rfc("Receptor"), str(root.get("Total")), cfdi.uuid)
