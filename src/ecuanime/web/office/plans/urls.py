"""Addresses, read as a table."""

from django.urls import URLPattern, URLResolver, path

from ecuanime.web.office.plans import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("planes/", views.catalogue, name="plans"),
    path("planes/nuevo/", views.new, name="plan_new"),
    path("planes/plantilla/", views.from_template, name="plan_from_template"),
    path("planes/<slug:code>/", views.plan, name="plan"),
    path("planes/<slug:code>/editar/", views.edit, name="plan_edit"),
    path("planes/<slug:code>/publicar/", views.publish, name="plan_publish"),
    path("planes/<slug:code>/retirar/", views.withdraw, name="plan_withdraw"),
    path("planes/<slug:code>/ofrecer/", views.offer, name="plan_offer"),
]
