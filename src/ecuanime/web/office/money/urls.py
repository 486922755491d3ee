"""Addresses, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.office.money import accounts, aged, payments

urlpatterns: list[URLPattern | URLResolver] = [
    path("clientes/<str:code>/cuenta/", accounts.account, name="client_account"),
    path("clientes/<str:code>/cuenta/pdf/", accounts.account_pdf, name="client_account_pdf"),
    path("clientes/<str:code>/cuenta/csv/", accounts.account_csv, name="client_account_csv"),
    path("clientes/<str:code>/cuenta/anticipo/", accounts.advance, name="client_advance"),
    path("clientes/<str:code>/cuenta/deposito/", accounts.deposit, name="client_deposit"),
    path("facturas/antiguedad/", aged.aged, name="aged"),
    path("facturas/<slug:key>/cobros/", payments.record_payment, name="invoice_payment"),
    path(
        "facturas/<slug:key>/cobros/<int:pk>/corregir/",
        payments.correct_payment,
        name="invoice_payment_correct",
    ),
    path("facturas/<slug:key>/cobros/cambio/", payments.book_at, name="invoice_rate"),
    path("facturas/<slug:key>/cobros/saldo/", payments.apply_held, name="invoice_apply_held"),
    path("facturas/<slug:key>/cobros/sobrante/", payments.hold, name="invoice_hold"),
    path(
        "facturas/<slug:key>/cobros/<int:pk>/impugnar/",
        payments.dispute,
        name="invoice_payment_dispute",
    ),
    path("facturas/<slug:key>/cobros/<int:pk>/resolver/", payments.settle, name="invoice_dispute_settle"),
    path("facturas/<slug:key>/incobrable/", payments.write_off, name="invoice_write_off"),
    path(
        "facturas/<slug:key>/incobrable/<int:pk>/deshacer/",
        payments.undo_write_off,
        name="invoice_undo_write_off",
    ),
]
