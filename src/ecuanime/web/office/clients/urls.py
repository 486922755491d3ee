"""Addresses, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.office.clients import dossier, people, statements, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("clientes/", views.clients, name="clients"),
    path("clientes/nuevo/", views.new, name="client_new"),
    path("clientes/<str:code>/", views.client, name="client"),
    path("clientes/<str:code>/tickets/", views.tickets, name="client_tickets"),
    path("clientes/<str:code>/libro/", views.ledger, name="client_ledger"),
    path("clientes/<str:code>/extracto/", statements.page, name="client_statement"),
    path("clientes/<str:code>/extracto/csv/", statements.csv, name="client_statement_csv"),
    path("clientes/<str:code>/extracto/pdf/", statements.pdf, name="client_statement_pdf"),
    path("clientes/<str:code>/memoria/", dossier.dossier, name="client_dossier"),
    path("clientes/<str:code>/memoria/<int:pk>/", dossier.section, name="client_section"),
    path("clientes/<str:code>/memoria/<int:pk>/quitar/", dossier.remove, name="client_section_remove"),
    path("clientes/<str:code>/datos/", views.data, name="client_data"),
    path("clientes/<str:code>/dominios/", views.new_domain, name="client_new_domain"),
    path("clientes/<str:code>/dominios/<int:pk>/retirar/", views.drop_domain, name="client_drop_domain"),
    path("clientes/<str:code>/sedes/", views.new_site, name="client_new_site"),
    path("clientes/<str:code>/sedes/<int:pk>/retirar/", views.drop_site, name="client_drop_site"),
    path("clientes/<str:code>/parar/", views.stop, name="client_stop"),
    path("clientes/<str:code>/reanudar/", views.resume, name="client_resume"),
    path("clientes/<str:code>/personas/", people.people, name="client_people"),
    path("clientes/<str:code>/personas/<int:pk>/", people.contact, name="client_contact"),
    path("clientes/<str:code>/personas/<int:pk>/derechos/", people.rights, name="client_contact_rights"),
    path(
        "clientes/<str:code>/personas/<int:pk>/sustitutos/",
        people.substitutes,
        name="client_contact_substitutes",
    ),
    path(
        "clientes/<str:code>/personas/<int:pk>/acceso/",
        people.give_access,
        name="client_contact_give",
    ),
    path(
        "clientes/<str:code>/personas/<int:pk>/sin-acceso/",
        people.take_access,
        name="client_contact_take",
    ),
    path("clientes/<str:code>/personas/<int:pk>/baja/", people.leave, name="client_contact_leave"),
    path("clientes/<str:code>/personas/<int:pk>/alta/", people.come_back, name="client_contact_back"),
]
