"""Keeping, destroying and backing up."""

from django.urls import path

from holdspace.safekeeping import views

app_name = "safekeeping"

urlpatterns = [
    path("practice/safekeeping/", views.overview, name="overview"),
    path("practice/safekeeping/standing/", views.standing, name="standing"),
    path("practice/safekeeping/back-up/", views.back_up, name="back_up"),
    path("practice/safekeeping/try/", views.try_backup, name="try_backup"),
    path("practice/safekeeping/kept/", views.keep, name="keep"),
    path("practice/safekeeping/clock/", views.clock, name="clock"),
    path("practice/safekeeping/records/", views.records, name="records"),
    path("practice/safekeeping/records/<int:client_id>/destroy/", views.destroy, name="destroy"),
    path("practice/safekeeping/records/<int:client_id>/hold/", views.hold, name="hold"),
    path("practice/safekeeping/records/<int:client_id>/release/", views.release, name="release"),
    path("practice/safekeeping/certificates/", views.certificates, name="certificates"),
    path("practice/safekeeping/certificates/<int:certificate_id>/", views.certificate, name="certificate"),
    path(
        "practice/safekeeping/certificates/<int:certificate_id>/pdf/",
        views.certificate_pdf,
        name="certificate_pdf",
    ),
]
