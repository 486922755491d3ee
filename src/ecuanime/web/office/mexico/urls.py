"""Addresses, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.office.mexico import stamping, ways

urlpatterns: list[URLPattern | URLResolver] = [
    path("facturas/timbrado/", stamping.stamping, name="stamping"),
    path("facturas/timbrado/publico/", stamping.public, name="stamping_public"),
    path("facturas/timbrado/<int:pk>/xml/", stamping.sealed_xml, name="stamping_xml"),
    path("facturas/timbrado/<int:pk>/pdf/", stamping.paper, name="stamping_pdf"),
    path("facturas/timbrado/<int:pk>/sustituir/", stamping.replace, name="stamping_replace"),
    path("facturas/timbrado/<int:pk>/cancelar/", stamping.cancel, name="stamping_cancel"),
    path("clientes/<str:code>/sat/", stamping.receiver, name="client_sat"),
    path("facturas/<slug:key>/otros-importes/", ways.amounts, name="invoice_amounts"),
    path("facturas/<slug:key>/abandonar/", stamping.abandon, name="invoice_abandon"),
    path("facturas/<slug:key>/sellar/", stamping.seal_again, name="invoice_seal_again"),
    path("facturas/<slug:key>/cobros/<int:pk>/complemento/", stamping.complement, name="invoice_complement"),
    path("facturas/<slug:key>/timbrar/", stamping.stamp_now, name="invoice_stamp_now"),
]
