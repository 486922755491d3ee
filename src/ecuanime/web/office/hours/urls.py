"""Addresses, read as a table."""

from django.urls import URLPattern, URLResolver, path, register_converter

from ecuanime.web.components.converters import DayConverter
from ecuanime.web.office.hours import decisions, views

register_converter(DayConverter, "cut_day")

urlpatterns: list[URLPattern | URLResolver] = [
    path("horas/", views.home, name="hours"),
    path("horas/<cut_day:day>/", views.day, name="hours_day"),
    path("horas/<cut_day:day>/cerrar/", decisions.close, name="hours_close"),
    path("horas/<cut_day:day>/aprobar/", decisions.review, name="hours_review"),
    path("horas/<cut_day:day>/enviar/", decisions.send, name="hours_send"),
    path("horas/entradas/<int:pk>/", views.entry, name="hours_entry"),
    path("horas/entradas/<int:pk>/ajustar/", decisions.adjust, name="hours_adjust"),
    path("horas/entradas/<int:pk>/cortesia/", decisions.goodwill, name="hours_goodwill"),
    path("horas/entradas/<int:pk>/rechazar/", decisions.reject, name="hours_reject"),
    path("horas/entradas/<int:pk>/contestar/", decisions.answer, name="hours_answer"),
    path("horas/entradas/<int:pk>/comentar/", decisions.comment, name="hours_comment"),
    path("horas/entradas/<int:pk>/contrato/", decisions.choose_contract, name="hours_contract"),
    path("horas/entradas/<int:pk>/corregir/", decisions.correct, name="hours_correct"),
    path("horas/entradas/<int:pk>/recuperar/", decisions.free, name="hours_free"),
    path("horas/entradas/<int:pk>/retarificar/", decisions.rate_again, name="hours_again"),
    path("horas/cronometros/<int:pk>/cortar/", decisions.end_timer, name="hours_timer_end"),
    path("horas/cronometros/<int:pk>/preguntar/", decisions.ask_timer, name="hours_timer_ask"),
]
