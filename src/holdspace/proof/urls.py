"""The page that shows each promise as it was last tried, and runs them anew."""

from django.urls import path

from holdspace.proof import views

app_name = "proof"

urlpatterns = [
    path("prove/", views.prove, name="prove"),
    path("prove/run/", views.run, name="run"),
    path("prove/now/", views.now, name="now"),
    path("prove/pdf/", views.pdf, name="pdf"),
    path("prove/json/", views.as_json, name="json"),
]
