"""Addresses, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.office.settings import demo, imports, mail, mail_rules, people, plans, teams, views

SETUP = {"is_setup": True}
"""The same sections, step by step, before the firm has begun."""

urlpatterns: list[URLPattern | URLResolver] = [
    path("ajustes/", views.index, name="settings"),
    path("ajustes/demo/quitar/", demo.remove, name="demo_remove"),
    path("ajustes/empresa/", views.firm, name="settings_firm"),
    path("ajustes/horario/", views.hours, name="settings_hours"),
    path("ajustes/festivos/", views.new_holiday, name="settings_new_holiday"),
    path("ajustes/festivos/<int:pk>/retirar/", views.drop_holiday, name="settings_drop_holiday"),
    path("ajustes/areas/", views.areas, name="settings_areas"),
    path("ajustes/areas/<int:pk>/", views.area, name="settings_area"),
    path("ajustes/areas/<int:pk>/retirar/", views.drop_area, name="settings_drop_area"),
    path("ajustes/facturacion/", views.invoicing, name="settings_invoicing"),
    path("ajustes/correo/", mail.mail, name="settings_mail"),
    path("ajustes/correo/nuevo/", mail.new_mailbox, name="settings_new_mailbox"),
    path("ajustes/correo/<int:pk>/", mail.mailbox, name="settings_mailbox"),
    path("ajustes/correo/reglas/", mail_rules.rules, name="settings_mail_rules"),
    path("ajustes/correo/reglas/<int:pk>/", mail_rules.rule, name="settings_mail_rule"),
    path("ajustes/correo/reglas/<int:pk>/quitar/", mail_rules.drop, name="settings_drop_mail_rule"),
    path("ajustes/personas/", people.people, name="settings_people"),
    path("ajustes/personas/<int:pk>/", people.person, name="settings_person"),
    path("ajustes/personas/<int:pk>/competencias/", people.competences, name="settings_competences"),
    path("ajustes/personas/<int:pk>/invitar/", people.invite, name="settings_invite"),
    path("ajustes/personas/<int:pk>/cerrar/", people.close, name="settings_close"),
    path("ajustes/personas/<int:pk>/abrir/", people.reopen, name="settings_reopen"),
    path("ajustes/personas/<int:pk>/factor/", people.forget_factor, name="settings_forget_factor"),
    path("ajustes/personas/<int:pk>/horario/", teams.week, name="settings_week"),
    path("ajustes/equipos/", teams.all_teams, name="settings_teams"),
    path("ajustes/equipos/reparto/", teams.giving_out, name="settings_giving_out"),
    path("ajustes/equipos/<int:pk>/", teams.team, name="settings_team"),
    path("ajustes/equipos/<int:pk>/disolver/", teams.dissolve, name="settings_dissolve_team"),
    path("ajustes/datos/", imports.imports, name="settings_imports"),
    path("ajustes/datos/ejemplo/<slug:kind>/", imports.example, name="settings_import_example"),
    path("ajustes/datos/<int:pk>/", imports.file, name="settings_import"),
    path("ajustes/datos/<int:pk>/avance/", imports.progress, name="settings_import_progress"),
    path("ajustes/datos/<int:pk>/columnas/", imports.columns, name="settings_import_columns"),
    path("ajustes/datos/<int:pk>/confirmar/", imports.confirm, name="settings_import_confirm"),
    path("ajustes/datos/<int:pk>/olvidar/", imports.drop, name="settings_import_drop"),
    path("ajustes/datos/<int:pk>/informe/", imports.report, name="settings_import_report"),
    path("inicio/paso/empresa/", views.firm, SETUP, name="setup_firm"),
    path("inicio/paso/horario/", views.hours, SETUP, name="setup_hours"),
    path("inicio/paso/festivos/", views.new_holiday, SETUP, name="setup_new_holiday"),
    path("inicio/paso/festivos/<int:pk>/retirar/", views.drop_holiday, SETUP, name="setup_drop_holiday"),
    path("inicio/paso/correo/", mail.mail, SETUP, name="setup_mail"),
    path("inicio/paso/planes/", plans.plans, name="setup_plans"),
    path("inicio/paso/personas/", people.people, SETUP, name="setup_people"),
    path("inicio/paso/listo/", views.ready, name="setup_ready"),
]
