"""Addresses of this audience, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.public import ask, declaration, demo, health, opinion, preferences, set_up, sign_in, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("declaracion/", declaration.declaration, name="declaration"),
    path("idioma/", preferences.set_language, name="set_language"),
    path("tema/", preferences.set_theme, name="set_theme"),
    path("pedir/", ask.ask, name="ask"),
    path("pedir/enviado/", ask.sent, name="ask_sent"),
    path("pedir/<str:token>/", ask.confirm, name="ask_confirm"),
    path("entrar/<str:token>/", sign_in.sign_in_with_link, name="sign_in_with_link"),
    path("opinion/<str:token>/", opinion.opinion, name="opinion"),
    path("inicio/", set_up.setup, name="setup"),
    path("inicio/demo/", demo.wait, name="demo_wait"),
    path("inicio/demo/avance/", demo.wait_part, name="demo_wait_part"),
    path("inicio/<str:token>/demo/", demo.ask, name="demo_ask"),
    path("demo/persona/", demo.become, name="demo_become"),
    path("inicio/<str:token>/", set_up.begin, name="setup_begin"),
]
