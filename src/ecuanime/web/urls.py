"""All addresses of the screens, by audience."""

from django.urls import include, path

from ecuanime.web.public import views as public

urlpatterns = [
    path("", public.home, name="home"),
    path("", include("ecuanime.web.public.urls")),
    path("", include("ecuanime.web.desk.urls")),
    path("", include("ecuanime.web.office.urls")),
    path("portal/", include("ecuanime.web.portal.urls")),
    path("cuenta/", include("ecuanime.web.public.account_urls")),
]
