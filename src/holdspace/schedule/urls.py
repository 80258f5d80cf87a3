"""One address: booking."""

from django.urls import path

from holdspace.schedule import views

app_name = "schedule"

urlpatterns = [path("clients/<int:client_id>/book/", views.book, name="book")]
