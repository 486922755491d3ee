"""The product's addresses, by audience."""

from django.urls import include, path

urlpatterns = [
    path("", include("ecuanime.web.urls")),
]
