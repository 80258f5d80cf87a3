"""Asking, taking back, what was signed, what a practice adds, and what was disclosed."""

from django.urls import path

from holdspace.consent import views

app_name = "consent"

urlpatterns = [
    path("clients/<int:client_id>/consent/take-back/", views.take_back, name="take_back"),
    path("clients/<int:client_id>/consent/where/", views.where, name="where"),
    path("clients/<int:client_id>/consent/born/", views.born, name="born"),
    path("clients/<int:client_id>/consent/<slug:purpose>/", views.ask, name="ask"),
    path("clients/<int:client_id>/disclosures/", views.disclosures, name="disclosures"),
    path("clients/<int:client_id>/disclosures/record/", views.disclose, name="disclose"),
    path("clients/<int:client_id>/disclosures/authorize/", views.authorize, name="authorize"),
    path("clients/<int:client_id>/disclosures/guard/", views.guard, name="guard"),
    path("clients/<int:client_id>/disclosures/accounting/", views.accounting, name="accounting"),
    path("disclosures/<int:disclosure_id>/", views.complete, name="complete"),
    path("authorizations/<int:authorization_id>/revoke/", views.revoke, name="revoke"),
    path("consents/<int:consent_id>/", views.signed, name="signed"),
    path("consents/<int:consent_id>/pdf/", views.pdf, name="pdf"),
    path("documents/", views.documents, name="documents"),
    path("documents/where/", views.practice_where, name="practice_where"),
    path("documents/<slug:purpose>/", views.write, name="write"),
]
