"""Addresses of this audience, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.portal import (
    approvals,
    cards,
    client_statements,
    compliance,
    contracts,
    dossier,
    emergencies,
    home,
    hours,
    invoices,
    packs,
    people,
    receipts,
    requests,
    statements,
    substitutes,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="portal"),
    # Requests
    path("peticiones/", requests.requests, name="portal_requests"),
    path("peticiones/nueva/", requests.new, name="portal_request_new"),
    path("peticiones/<int:number>/", requests.request, name="portal_request"),
    path("peticiones/<int:number>/responder/", requests.reply, name="portal_reply"),
    # Emergencies
    path("emergencias/", emergencies.emergencies, name="portal_emergencies"),
    path("emergencias/nueva/", emergencies.new, name="portal_emergency_new"),
    path("emergencias/<slug:number>/", emergencies.emergency, name="portal_emergency"),
    path("emergencias/<slug:number>/pulso/", emergencies.pulse, name="portal_emergency_pulse"),
    path(
        "emergencias/<slug:number>/archivos/<int:key>/",
        emergencies.evidence,
        name="portal_emergency_evidence",
    ),
    path("emergencias/<slug:number>/acuerdo/", emergencies.paper, name="portal_emergency_paper"),
    path(
        "emergencias/<slug:number>/confidencialidad/",
        emergencies.agreement,
        name="portal_emergency_agreement",
    ),
    path("emergencias/<slug:number>/informe/", emergencies.report, name="portal_emergency_report"),
    # Hours
    path("horas/", hours.hours, name="portal_hours"),
    path("horas/extracto/", client_statements.page, name="portal_client_statement"),
    path("horas/extracto/csv/", client_statements.csv, name="portal_client_statement_csv"),
    path("horas/extracto/pdf/", client_statements.pdf, name="portal_client_statement_pdf"),
    path("horas/<str:number>/comprar/", packs.buy, name="portal_pack"),
    path("horas/<str:number>/comprar/precio/", packs.price, name="portal_pack_price"),
    path("horas/<str:number>/extracto/", statements.page, name="portal_statement"),
    path("horas/<str:number>/extracto/csv/", statements.csv, name="portal_statement_csv"),
    path("horas/<str:number>/extracto/pdf/", statements.pdf, name="portal_statement_pdf"),
    path("horas/trabajos/", hours.work, name="portal_work"),
    path("horas/trabajos/<int:pk>/", hours.entry, name="portal_entry"),
    path("horas/trabajos/<int:pk>/consentir/", approvals.consent, name="portal_consent"),
    path("horas/trabajos/<int:pk>/comentar/", approvals.comment, name="portal_comment"),
    path("horas/aprobar/", approvals.approvals, name="portal_approvals"),
    path("horas/sustitutos/", substitutes.substitutes, name="portal_substitutes"),
    path("horas/aprobar/<int:pk>/no-reconocer/", approvals.dispute, name="portal_dispute"),
    # What is known of them, and their people
    path("memoria/", dossier.dossier, name="portal_dossier"),
    path("personas/", people.people, name="portal_people"),
    path("personas/<int:pk>/", people.colleague, name="portal_colleague"),
    path("personas/<int:pk>/baja/", people.left, name="portal_colleague_left"),
    # Contracts
    path("contratos/", contracts.contracts, name="portal_contracts"),
    path("contratos/<str:number>/", contracts.contract, name="portal_contract"),
    path("contratos/<str:number>/aceptar/", contracts.accept, name="portal_contract_accept"),
    path("contratos/<str:number>/rechazar/", contracts.decline, name="portal_contract_decline"),
    path("contratos/<str:number>/no-renovar/", contracts.stop, name="portal_contract_stop"),
    path("contratos/<str:number>/no-encargar/", contracts.stop_packs, name="portal_contract_stop_packs"),
    # Promised times
    path("cumplimiento/", compliance.report, name="portal_compliance"),
    path("cumplimiento/csv/", compliance.report_csv, name="portal_compliance_csv"),
    path("cumplimiento/pdf/", compliance.report_pdf, name="portal_compliance_pdf"),
    # Invoices
    path("facturas/", invoices.invoices, name="portal_invoices"),
    path("facturas/cuenta/", invoices.account, name="portal_account"),
    path("facturas/cuenta/pdf/", invoices.account_pdf, name="portal_account_pdf"),
    path("facturas/cuenta/csv/", invoices.account_csv, name="portal_account_csv"),
    path("facturas/recibos/", receipts.receipts, name="portal_receipts"),
    path("facturas/recibos/<int:pk>/pdf/", receipts.pdf, name="portal_receipt_pdf"),
    path("facturas/recibos/<int:pk>/xml/", receipts.xml, name="portal_receipt_xml"),
    path("facturas/<str:number>/", invoices.invoice, name="portal_invoice"),
    path("facturas/<str:number>/pagar/", cards.pay, name="portal_invoice_pay"),
    path("facturas/<str:number>/datos/<slug:name>/", invoices.data, name="portal_invoice_data"),
    path("facturas/<str:number>/emitida/", invoices.elsewhere, name="portal_invoice_elsewhere"),
    path("facturas/<str:number>/pdf/", invoices.pdf, name="portal_invoice_pdf"),
]
