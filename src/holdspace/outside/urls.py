"""What may leave this machine."""

from django.urls import path

from holdspace.outside import views

app_name = "outside"

urlpatterns = [
    path("practice/leaving/", views.hosts, name="hosts"),
    path("practice/leaving/<int:host_id>/end/", views.end, name="end"),
    path("practice/leaving/tried/", views.tried, name="tried"),
]
