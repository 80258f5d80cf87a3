"""One address: giving and taking back."""

from django.urls import path

from holdspace.consent import views

app_name = "consent"

urlpatterns = [path("clients/<int:client_id>/consent/", views.record, name="record")]
