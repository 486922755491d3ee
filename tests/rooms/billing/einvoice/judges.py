"""The official schemas and rules of EN 16931, run here: what they object to is a list of words."""

from __future__ import annotations

from functools import cache
from typing import Any

from lxml import etree
from saxonche import PySaxonProcessor

from ecuanime.billing.einvoice.cii import as_cii
from ecuanime.billing.einvoice.faults import faults_of
from ecuanime.billing.einvoice.of_invoice import electronic
from ecuanime.billing.einvoice.official import Syntax, rules_of, schema_fault
from ecuanime.billing.einvoice.ubl import as_ubl
from ecuanime.billing.einvoice.values import ElectronicInvoice
from ecuanime.billing.models import Invoice

SVRL = {"svrl": "http://purl.oclc.org/dsdl/svrl"}
_processor = PySaxonProcessor(license=False)


@cache
def _rules(syntax: Syntax) -> Any:
    return _processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(rules_of(syntax)))


def objections(xml: bytes, syntax: Syntax) -> list[str]:
    """What schema and rules object to; the rules are asked even when the schema objects."""
    root = etree.fromstring(xml)
    fault = schema_fault(root, syntax)
    node = _processor.parse_xml(xml_text=xml.decode())
    report = etree.fromstring(_rules(syntax).transform_to_string(xdm_node=node).encode())
    assert report.findall("svrl:fired-rule", SVRL), "no rule looked at it"
    failed = report.findall("svrl:failed-assert", SVRL)
    return [fault] * bool(fault) + [" ".join("".join(each.itertext()).split()) for each in failed]


def judged(values: ElectronicInvoice) -> list[str]:
    """What is objected to in either syntax."""
    ubl = Syntax.UBL_CREDIT_NOTE if values.is_credit_note else Syntax.UBL_INVOICE
    return objections(as_cii(values), Syntax.CII) + objections(as_ubl(values), ubl)


def sound(invoice: Invoice) -> ElectronicInvoice:
    """The values of a document to which neither we nor the official rules object."""
    values = electronic(invoice)
    assert faults_of(values) == []
    assert judged(values) == []
    return values
