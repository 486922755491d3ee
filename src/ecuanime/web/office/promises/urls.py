"""Addresses, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.office.promises import question, terms

urlpatterns: list[URLPattern | URLResolver] = [
    path("plazos/", terms.of_firm, name="service_terms"),
    path("plazos/calcular/", question.question, name="service_question"),
    path("clientes/<str:code>/plazos/", terms.of_client, name="client_terms"),
    path("contratos/<str:number>/plazos/", terms.of_contract, name="contract_terms"),
]
