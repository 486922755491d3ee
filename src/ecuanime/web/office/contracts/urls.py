"""Addresses, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.office.contracts import ending, lots, order, quotes, rerating, statements, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("contratos/", views.contracts, name="contracts"),
    path("contratos/<str:number>/", views.contract, name="contract"),
    path("contratos/<str:number>/libro/", statements.ledger, name="contract_ledger"),
    path("contratos/<str:number>/libro/csv/", statements.ledger_csv, name="contract_ledger_csv"),
    path("contratos/<str:number>/libro/pdf/", statements.ledger_pdf, name="contract_ledger_pdf"),
    path("contratos/<str:number>/terminar/", ending.end, name="contract_end"),
    path("contratos/<str:number>/liquidar/", ending.settle, name="contract_settle"),
    path("contratos/<str:number>/no-renovar/", ending.stop, name="contract_stop_renewal"),
    path("contratos/<str:number>/no-encargar/", ending.stop_packs, name="contract_stop_packs"),
    path("contratos/<str:number>/seguir/", ending.follow, name="contract_follow"),
    path("clientes/<str:code>/contratos/nuevo/", views.new, name="contract_new"),
    path("contratos/<str:number>/retarificar/", rerating.again, name="contract_again"),
    path("clientes/<str:code>/contratos/", order.order, name="contract_order"),
    path("clientes/<str:code>/contratos/mover/", order.move, name="contract_order_move"),
    path("clientes/<str:code>/ofertas/nueva/", quotes.new, name="quote_new"),
    path("contratos/<str:number>/oferta/", quotes.edit, name="quote_edit"),
    path("contratos/<str:number>/enviar/", quotes.send, name="quote_send"),
    path("contratos/<str:number>/retirar/", quotes.withdraw, name="quote_withdraw"),
    path("contratos/<str:number>/copiar/", quotes.copy, name="quote_copy"),
    path("contratos/<str:number>/aceptar/", quotes.accept, name="quote_accept"),
    path("contratos/<str:number>/firmado/", quotes.signed, name="quote_signed"),
    path("bonos/<str:code>/cubrir/", rerating.cover, name="lot_cover"),
    path("bonos/<str:code>/anular/", lots.void, name="lot_void"),
    path("bonos/<str:code>/traspasar/", lots.transfer, name="lot_transfer"),
    path("bonos/<str:code>/reponer/", lots.replace, name="lot_replace"),
    path("bonos/<str:code>/revalorizar/", lots.revalue, name="lot_revalue"),
]
