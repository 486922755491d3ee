"""Addresses of the API, read as a table; its operations stand beside what they answer."""

from django.urls import path

from ecuanime.api import description
from ecuanime.api.service import api

urlpatterns = [
    path("docs", description.page, name="api_docs"),
    path("", api.urls),
]
