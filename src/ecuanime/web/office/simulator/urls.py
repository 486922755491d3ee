"""Addresses, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.office.simulator import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("simulador/", views.simulator, name="simulator"),
]
