"""Addresses of this audience, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.public import (
    ask,
    case,
    declaration,
    demo,
    emergency,
    health,
    opinion,
    preferences,
    set_up,
    sign_in,
    views,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("declaracion/", declaration.declaration, name="declaration"),
    path("idioma/", preferences.set_language, name="set_language"),
    path("tema/", preferences.set_theme, name="set_theme"),
    path("pedir/", ask.ask, name="ask"),
    path("pedir/enviado/", ask.sent, name="ask_sent"),
    path("pedir/<str:token>/", ask.confirm, name="ask_confirm"),
    path("urgencia/", emergency.declare, name="express"),
    path("urgencia/enviada/", emergency.sent, name="express_sent"),
    path("urgencia/<str:token>/", emergency.confirm, name="express_confirm"),
    path("caso/<str:key>/", case.case, name="case"),
    path("caso/<str:key>/pulso/", case.pulse, name="case_pulse"),
    path("caso/<str:key>/archivos/<int:pk>/", case.evidence, name="case_evidence"),
    path("caso/<str:key>/acuerdo/", case.paper, name="case_paper"),
    path("caso/<str:key>/confidencialidad/", case.agreement, name="case_agreement"),
    path("caso/<str:key>/informe/", case.report, name="case_report"),
    path("caso/<str:key>/factura/<int:document>/", case.invoice, name="case_invoice"),
    path("caso/<str:key>/fichero/<int:pk>/", case.attachment, name="case_attachment"),
    path("caso/<str:key>/pagar/<int:document>/", case.pay, name="case_pay"),
    path("caso/<str:key>/renovar/", case.renew, name="case_renew"),
    path("entrar/<str:token>/", sign_in.sign_in_with_link, name="sign_in_with_link"),
    path("opinion/<str:token>/", opinion.opinion, name="opinion"),
    path("inicio/", set_up.setup, name="setup"),
    path("inicio/demo/", demo.wait, name="demo_wait"),
    path("inicio/demo/avance/", demo.wait_part, name="demo_wait_part"),
    path("inicio/<str:token>/demo/", demo.ask, name="demo_ask"),
    path("demo/persona/", demo.become, name="demo_become"),
    path("inicio/<str:token>/", set_up.begin, name="setup_begin"),
]
