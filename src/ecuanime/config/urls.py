"""The product's addresses, by audience."""

from django.urls import include, path

handler400 = "ecuanime.web.errors.bad_request"
handler403 = "ecuanime.web.errors.forbidden"
handler404 = "ecuanime.web.errors.not_found"
handler500 = "ecuanime.web.errors.server_error"

urlpatterns = [
    path("api/v1/", include("ecuanime.api.urls")),
    path("", include("ecuanime.web.urls")),
]
