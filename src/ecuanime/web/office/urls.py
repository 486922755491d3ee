"""Addresses of this audience, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.office import (
    clients,
    clients_people,
    contracts,
    lots,
    mail,
    people,
    plans,
    settings,
    settings_mail,
    settings_plans,
)

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
    # Plans, contracts, lots
    path("planes/", plans.catalogue, name="plans"),
    path("planes/nuevo/", plans.new, name="plan_new"),
    path("planes/plantilla/", plans.from_template, name="plan_from_template"),
    path("planes/<slug:code>/", plans.plan, name="plan"),
    path("planes/<slug:code>/editar/", plans.edit, name="plan_edit"),
    path("planes/<slug:code>/publicar/", plans.publish, name="plan_publish"),
    path("planes/<slug:code>/retirar/", plans.withdraw, name="plan_withdraw"),
    path("planes/<slug:code>/ofrecer/", plans.offer, name="plan_offer"),
    path("contratos/", contracts.contracts, name="contracts"),
    path("contratos/<str:number>/", contracts.contract, name="contract"),
    path("contratos/<str:number>/libro/", contracts.ledger, name="contract_ledger"),
    path("contratos/<str:number>/terminar/", contracts.end, name="contract_end"),
    path("clientes/<str:code>/contratos/nuevo/", contracts.new, name="contract_new"),
    path("bonos/<str:code>/anular/", lots.void, name="lot_void"),
    # Mail that stands on no ticket, and mail that leaves
    path("correo/entrante/<slug:shelf>/", mail.incoming, name="mail_incoming"),
    path("correo/entrante/<int:pk>/original/", mail.raw, name="mail_raw"),
    path("correo/entrante/<int:pk>/releer/", mail.retry, name="mail_retry"),
    path("correo/entrante/<int:pk>/descartar/", mail.refuse, name="mail_refuse"),
    path("correo/saliente/<slug:shelf>/", mail.outgoing, name="mail_outgoing"),
    path("correo/saliente/<int:pk>/carta/", mail.letter, name="mail_letter"),
    path("correo/saliente/<int:pk>/archivos/<int:file>/", mail.letter_file, name="mail_letter_file"),
    path("correo/saliente/<int:pk>/reenviar/", mail.again, name="mail_again"),
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
    path("ajustes/correo/", settings_mail.mail, name="settings_mail"),
    path("ajustes/correo/nuevo/", settings_mail.new_mailbox, name="settings_new_mailbox"),
    path("ajustes/correo/<int:pk>/", settings_mail.mailbox, name="settings_mailbox"),
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
    path("inicio/paso/correo/", settings_mail.mail, SETUP, name="setup_mail"),
    path("inicio/paso/planes/", settings_plans.plans, name="setup_plans"),
    path("inicio/paso/personas/", people.people, SETUP, name="setup_people"),
    path("inicio/paso/listo/", settings.ready, name="setup_ready"),
]
