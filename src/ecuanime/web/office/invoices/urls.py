"""Addresses, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.office.invoices import (
    batches,
    changes,
    credits,
    document,
    fees,
    listing,
    packs,
    runs,
    vat_checks,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("clientes/<str:code>/nif-iva/", vat_checks.check_vat, name="client_vat_check"),
    path("facturas/", listing.invoices, name="invoices"),
    path("facturas/preparar/", runs.prepare, name="invoice_prepare"),
    path("facturas/pasadas/<int:pk>/", runs.run, name="invoice_run"),
    path("facturas/pasadas/<int:pk>/avance/", runs.run_progress, name="invoice_run_progress"),
    path("facturas/emitir/", batches.choose, name="invoice_batch_choose"),
    path("facturas/lotes/<int:pk>/", batches.batch, name="invoice_batch"),
    path("facturas/lotes/<int:pk>/avance/", batches.batch_progress, name="invoice_batch_progress"),
    path("facturas/<slug:key>/", document.invoice, name="invoice"),
    path("facturas/<slug:key>/pdf/", document.pdf, name="invoice_pdf"),
    path("facturas/<slug:key>/datos/<slug:name>/", document.data, name="invoice_data"),
    path("facturas/<slug:key>/lineas/", changes.add_line, name="invoice_add_line"),
    path(
        "facturas/<slug:key>/lineas/<int:pk>/quitar/",
        changes.remove_line,
        name="invoice_remove_line",
    ),
    path(
        "facturas/<slug:key>/lineas/<int:pk>/descuento/",
        changes.discount_line,
        name="invoice_discount_line",
    ),
    path("facturas/<slug:key>/descuento/", changes.set_discount, name="invoice_discount"),
    path("facturas/<slug:key>/anticipos/<int:pk>/", changes.deduct, name="invoice_deduct"),
    path("facturas/<slug:key>/impuesto/", changes.set_tax, name="invoice_tax"),
    path("facturas/<slug:key>/retencion/", changes.set_withholding, name="invoice_withholding"),
    path("facturas/<slug:key>/rehacer/", changes.recompute, name="invoice_recompute"),
    path("facturas/<slug:key>/descartar/", changes.discard, name="invoice_discard"),
    path("facturas/<slug:key>/emitir/", changes.issue, name="invoice_issue"),
    path("facturas/<slug:key>/enviar/", changes.send, name="invoice_send"),
    path("facturas/<slug:key>/rectificar/", changes.credit, name="invoice_credit"),
    path("facturas/<slug:key>/rectificar/lineas/", credits.credit_lines, name="invoice_credit_lines"),
    path("contratos/<str:number>/vender/", packs.order, name="pack_order"),
    path("contratos/<str:number>/vender/precio/", packs.price, name="pack_price"),
    path("bonos/<str:code>/devolver/", changes.pay_back, name="pack_pay_back"),
    path("cuotas/<int:pk>/rectificar/", fees.credit_fee, name="fee_credit"),
]
