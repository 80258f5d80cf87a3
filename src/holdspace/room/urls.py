"""A session and what happens in it."""

from django.urls import path

from holdspace.room import views

app_name = "room"

urlpatterns = [
    path("sessions/<int:session_id>/", views.session, name="session"),
    path("sessions/<int:session_id>/progress/", views.progress, name="progress"),
    path("sessions/<int:session_id>/jottings/", views.jottings, name="jottings"),
    path("sessions/<int:session_id>/upload/", views.upload, name="upload"),
    path("sessions/<int:session_id>/draft/", views.draft, name="draft"),
]
