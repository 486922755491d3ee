"""Addresses, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.office.promises import compliance, question, terms

urlpatterns: list[URLPattern | URLResolver] = [
    path("plazos/", terms.of_firm, name="service_terms"),
    path("plazos/colas/<int:pk>/", terms.of_queue, name="queue_terms"),
    path("plazos/calcular/", question.question, name="service_question"),
    path("plazos/cumplimiento/", compliance.overview, name="compliance"),
    path("clientes/<str:code>/cumplimiento/", compliance.report, name="client_compliance"),
    path("clientes/<str:code>/cumplimiento/csv/", compliance.report_csv, name="client_compliance_csv"),
    path("clientes/<str:code>/cumplimiento/pdf/", compliance.report_pdf, name="client_compliance_pdf"),
    path("clientes/<str:code>/cumplimiento/abonar/", compliance.give, name="client_compliance_give"),
    path("clientes/<str:code>/plazos/", terms.of_client, name="client_terms"),
    path("contratos/<str:number>/plazos/", terms.of_contract, name="contract_terms"),
]
