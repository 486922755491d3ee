"""Addresses of this audience: a table for each noun, and the mail that stands on no ticket."""

from django.urls import URLPattern, URLResolver, include, path

from ecuanime.web.office import mail

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ecuanime.web.office.clients.urls")),
    path("", include("ecuanime.web.office.plans.urls")),
    path("", include("ecuanime.web.office.contracts.urls")),
    path("", include("ecuanime.web.office.hours.urls")),
    path("", include("ecuanime.web.office.bank.urls")),
    path("", include("ecuanime.web.office.books.urls")),
    path("", include("ecuanime.web.office.mexico.urls")),
    path("", include("ecuanime.web.office.spain.urls")),
    path("", include("ecuanime.web.office.money.urls")),
    path("", include("ecuanime.web.office.invoices.urls")),
    path("", include("ecuanime.web.office.promises.urls")),
    path("", include("ecuanime.web.office.simulator.urls")),
    path("", include("ecuanime.web.office.settings.urls")),
    path("correo/entrante/<slug:shelf>/", mail.incoming, name="mail_incoming"),
    path("correo/entrante/<int:pk>/original/", mail.raw, name="mail_raw"),
    path("correo/entrante/<int:pk>/releer/", mail.retry, name="mail_retry"),
    path("correo/entrante/<int:pk>/descartar/", mail.refuse, name="mail_refuse"),
    path("correo/saliente/<slug:shelf>/", mail.outgoing, name="mail_outgoing"),
    path("correo/saliente/<int:pk>/carta/", mail.letter, name="mail_letter"),
    path("correo/saliente/<int:pk>/archivos/<int:file>/", mail.letter_file, name="mail_letter_file"),
    path("correo/direcciones/<int:pk>/funciona/", mail.works_again, name="mail_works_again"),
    path("correo/saliente/<int:pk>/reenviar/", mail.again, name="mail_again"),
]
