"""Asking, taking back, what was signed, and what a practice adds."""

from django.urls import path

from holdspace.consent import views

app_name = "consent"

urlpatterns = [
    path("clients/<int:client_id>/consent/take-back/", views.take_back, name="take_back"),
    path("clients/<int:client_id>/consent/where/", views.where, name="where"),
    path("clients/<int:client_id>/consent/born/", views.born, name="born"),
    path("clients/<int:client_id>/consent/<slug:purpose>/", views.ask, name="ask"),
    path("consents/<int:consent_id>/", views.signed, name="signed"),
    path("consents/<int:consent_id>/pdf/", views.pdf, name="pdf"),
    path("documents/", views.documents, name="documents"),
    path("documents/where/", views.practice_where, name="practice_where"),
    path("documents/<slug:purpose>/", views.write, name="write"),
]
