"""Addresses of this audience, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.office import clients, clients_people, people, settings

SETUP = {"is_setup": True}

urlpatterns: list[URLPattern | URLResolver] = [
    # Clients
    path("clientes/", clients.clients, name="clients"),
    path("clientes/nuevo/", clients.new, name="client_new"),
    path("clientes/<str:code>/", clients.client, name="client"),
    path("clientes/<str:code>/tickets/", clients.tickets, name="client_tickets"),
    path("clientes/<str:code>/libro/", clients.ledger, name="client_ledger"),
    path("clientes/<str:code>/datos/", clients.data, name="client_data"),
    path("clientes/<str:code>/dominios/", clients.new_domain, name="client_new_domain"),
    path("clientes/<str:code>/dominios/<int:pk>/retirar/", clients.drop_domain, name="client_drop_domain"),
    path("clientes/<str:code>/sedes/", clients.new_site, name="client_new_site"),
    path("clientes/<str:code>/sedes/<int:pk>/retirar/", clients.drop_site, name="client_drop_site"),
    path("clientes/<str:code>/parar/", clients.stop, name="client_stop"),
    path("clientes/<str:code>/reanudar/", clients.resume, name="client_resume"),
    path("clientes/<str:code>/personas/", clients_people.people, name="client_people"),
    path("clientes/<str:code>/personas/<int:pk>/", clients_people.contact, name="client_contact"),
    path(
        "clientes/<str:code>/personas/<int:pk>/derechos/", clients_people.rights, name="client_contact_rights"
    ),
    path(
        "clientes/<str:code>/personas/<int:pk>/acceso/",
        clients_people.give_access,
        name="client_contact_give",
    ),
    path(
        "clientes/<str:code>/personas/<int:pk>/sin-acceso/",
        clients_people.take_access,
        name="client_contact_take",
    ),
    path("clientes/<str:code>/personas/<int:pk>/baja/", clients_people.leave, name="client_contact_leave"),
    path("clientes/<str:code>/personas/<int:pk>/alta/", clients_people.come_back, name="client_contact_back"),
    # Settings
    path("ajustes/", settings.index, name="settings"),
    path("ajustes/empresa/", settings.firm, name="settings_firm"),
    path("ajustes/horario/", settings.hours, name="settings_hours"),
    path("ajustes/festivos/", settings.new_holiday, name="settings_new_holiday"),
    path("ajustes/festivos/<int:pk>/retirar/", settings.drop_holiday, name="settings_drop_holiday"),
    path("ajustes/areas/", settings.areas, name="settings_areas"),
    path("ajustes/areas/<int:pk>/", settings.area, name="settings_area"),
    path("ajustes/areas/<int:pk>/retirar/", settings.drop_area, name="settings_drop_area"),
    path("ajustes/facturacion/", settings.invoicing, name="settings_invoicing"),
    path("ajustes/personas/", people.people, name="settings_people"),
    path("ajustes/personas/<int:pk>/", people.person, name="settings_person"),
    path("ajustes/personas/<int:pk>/competencias/", people.competences, name="settings_competences"),
    path("ajustes/personas/<int:pk>/invitar/", people.invite, name="settings_invite"),
    path("ajustes/personas/<int:pk>/cerrar/", people.close, name="settings_close"),
    path("ajustes/personas/<int:pk>/abrir/", people.reopen, name="settings_reopen"),
    path("ajustes/personas/<int:pk>/factor/", people.forget_factor, name="settings_forget_factor"),
    # The set-up: the same sections, step by step
    path("inicio/paso/empresa/", settings.firm, SETUP, name="setup_firm"),
    path("inicio/paso/horario/", settings.hours, SETUP, name="setup_hours"),
    path("inicio/paso/festivos/", settings.new_holiday, SETUP, name="setup_new_holiday"),
    path("inicio/paso/festivos/<int:pk>/retirar/", settings.drop_holiday, SETUP, name="setup_drop_holiday"),
    path("inicio/paso/personas/", people.people, SETUP, name="setup_people"),
    path("inicio/paso/listo/", settings.ready, name="setup_ready"),
]
