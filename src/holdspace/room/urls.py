"""A session and what happens in it."""

from django.urls import path

from holdspace.room import views

app_name = "room"

urlpatterns = [
    path("sessions/<int:session_id>/", views.session, name="session"),
    path("sessions/<int:session_id>/progress/", views.progress, name="progress"),
    path("sessions/<int:session_id>/jottings/", views.jottings, name="jottings"),
    path("sessions/<int:session_id>/upload/", views.upload, name="upload"),
    path("sessions/<int:session_id>/swap/", views.swap, name="swap"),
    path("sessions/<int:session_id>/capture/", views.capture, name="capture"),
    path("sessions/<int:session_id>/capture/begin/", views.begin, name="begin"),
    path("sessions/<int:session_id>/capture/sound/", views.sound, name="sound"),
    path("sessions/<int:session_id>/capture/state/", views.state, name="state"),
    path("sessions/<int:session_id>/draft/", views.draft, name="draft"),
]
