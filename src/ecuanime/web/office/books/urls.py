"""Addresses, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.office.books import exchange, export, handing, journal, keeping, liability, received, taxes

urlpatterns: list[URLPattern | URLResolver] = [
    path("clientes/<str:code>/cuenta/recordatorios/", keeping.stop_client, name="client_reminders"),
    path("facturas/exportar/", export.export, name="invoice_export"),
    path("facturas/exportar/traspaso/", handing.hand_overs, name="hand_overs"),
    path("facturas/exportar/traspaso/nuevo/", handing.hand_over, name="hand_over_new"),
    path("facturas/exportar/traspaso/modo/", handing.decide, name="hand_over_mode"),
    path("facturas/exportar/traspaso/emitidas/", handing.noted, name="hand_over_noted"),
    path("facturas/exportar/traspaso/<int:pk>/", handing.one, name="hand_over"),
    path("facturas/exportar/traspaso/documentos/<int:pk>/", handing.note, name="hand_over_note"),
    path("facturas/exportar/traspaso/documentos/<int:pk>/olvidar/", handing.forget, name="hand_over_forget"),
    path(
        "facturas/exportar/traspaso/documentos/<int:pk>/retirar/",
        handing.take_back,
        name="hand_over_take_back",
    ),
    path("facturas/exportar/traspaso/documentos/<int:pk>/pdf/", handing.file, name="hand_over_file"),
    path("facturas/exportar/diario/", journal.journal, name="journal"),
    path("facturas/exportar/diario/cuentas/", journal.name, name="journal_accounts"),
    path("facturas/exportar/horas-sin-usar/", liability.liability, name="liability"),
    path("facturas/libros/", keeping.books, name="books"),
    path("facturas/libros/impuestos/", taxes.tax_books, name="tax_books"),
    path("facturas/libros/cambios/", exchange.rates, name="exchange_rates"),
    path("facturas/libros/cerrar/", keeping.close, name="books_close"),
    path("facturas/libros/series/", keeping.number, name="books_series"),
    path("facturas/libros/recordatorios/", keeping.remind, name="books_reminders"),
    path("facturas/recibidas/", received.received, name="received"),
    path("facturas/recibidas/csv/", received.book_csv, name="received_csv"),
    path("facturas/recibidas/nueva/", received.file, name="received_new"),
    path("facturas/recibidas/<int:pk>/", received.received_invoice, name="received_invoice"),
    path("facturas/recibidas/<int:pk>/archivo/", received.received_file, name="received_file"),
    path("facturas/recibidas/<int:pk>/cobrar/", received.charge, name="received_charge"),
    path("facturas/<slug:key>/recordatorios/", keeping.stop_invoice, name="invoice_reminders"),
]
