"""Addresses of the API, read as a table; its operations stand beside what they answer."""

from django.urls import path

from ecuanime.api import description, stripe
from ecuanime.api.service import api

urlpatterns = [
    path("stripe/events", stripe.receive, name="api_stripe_events"),
    path("docs", description.page, name="api_docs"),
    path("", api.urls),
]
