"""Addresses, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.office.bank import cards, debits, statements

urlpatterns: list[URLPattern | URLResolver] = [
    path("clientes/<str:code>/mandatos/", debits.mandates, name="client_mandates"),
    path(
        "clientes/<str:code>/mandatos/<int:pk>/cancelar/",
        debits.cancel_mandate,
        name="client_mandate_cancel",
    ),
    path("facturas/banco/", statements.entries, name="bank"),
    path("facturas/banco/leer/", statements.file, name="bank_file"),
    path("facturas/banco/tarjeta/", cards.events, name="card_events"),
    path("facturas/banco/tarjeta/<int:pk>/", cards.event, name="card_event"),
    path("facturas/banco/tarjeta/<int:pk>/otra-vez/", cards.again, name="card_event_again"),
    path("facturas/banco/remesas/", debits.collections, name="collections"),
    path("facturas/banco/remesas/nueva/", debits.collect, name="collect"),
    path("facturas/banco/remesas/<int:pk>/", debits.collection, name="collection"),
    path("facturas/banco/remesas/<int:pk>/fichero/", debits.file, name="collection_file"),
    path("facturas/banco/remesas/<int:pk>/cobrada/", debits.collected, name="collection_collected"),
    path("facturas/banco/remesas/<int:pk>/retirar/", debits.withdraw, name="collection_withdraw"),
    path("facturas/banco/remesas/<int:pk>/devolver/<int:item>/", debits.came_back, name="debit_return"),
    path("facturas/banco/<int:pk>/adeudos/", statements.match_debits, name="bank_debits"),
    path("facturas/banco/<int:pk>/", statements.entry, name="bank_entry"),
    path("facturas/banco/<int:pk>/cobrar/", statements.match, name="bank_match"),
    path("facturas/banco/<int:pk>/deshacer/", statements.undo, name="bank_undo"),
    path("facturas/banco/<int:pk>/apartar/", statements.put_aside, name="bank_set_aside"),
    path("facturas/banco/<int:pk>/retomar/", statements.take_up, name="bank_take_up"),
]
