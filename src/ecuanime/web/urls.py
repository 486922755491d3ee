"""All addresses of the screens, by audience."""

from django.conf import settings
from django.urls import include, path

from ecuanime.web.components import style_guide
from ecuanime.web.public import views as public

urlpatterns = [
    path("", public.home, name="home"),
    path("", include("ecuanime.web.public.urls")),
    path("", include("ecuanime.web.desk.urls")),
    path("", include("ecuanime.web.office.urls")),
    path("portal/", include("ecuanime.web.portal.urls")),
    path("cuenta/", include("ecuanime.web.public.account_urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("_componentes/", style_guide.page))
