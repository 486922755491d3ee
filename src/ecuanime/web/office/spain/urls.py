"""Addresses, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.office.spain import agency, records

urlpatterns: list[URLPattern | URLResolver] = [
    path("facturas/fiscal/envios/", agency.sending, name="agency"),
    path("facturas/fiscal/envios/ya/", agency.send_now, name="agency_send_now"),
    path("facturas/fiscal/envios/<int:pk>/", agency.message, name="agency_message"),
    path("facturas/fiscal/envios/<int:pk>/respuesta/", agency.answer, name="agency_answer"),
    path("facturas/fiscal/consultas/<int:pk>/", agency.ask, name="agency_ask"),
    path("facturas/fiscal/certificado/", agency.certificate, name="agency_certificate"),
    path("facturas/fiscal/certificado/quitar/", agency.remove, name="agency_certificate_remove"),
    path("facturas/fiscal/certificado/destino/", agency.place, name="agency_place"),
    path("facturas/registro/", records.register, name="fiscal"),
    path("facturas/registro/<int:pk>/", records.record, name="fiscal_record"),
    path("facturas/registro/<int:pk>/xml/", records.record_xml, name="fiscal_record_xml"),
    path("facturas/<slug:key>/registro/subsanar/", records.amend, name="fiscal_amend"),
    path("facturas/<slug:key>/registro/anular/", records.cancel, name="fiscal_cancel"),
    path("facturas/<slug:key>/completa/", records.replace, name="invoice_replace"),
]
