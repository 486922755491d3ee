"""The product's addresses, by audience."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("ecuanime.api.urls")),
    path("", include("ecuanime.web.urls")),
]
