"""A session and what happens in it."""

from django.urls import path

from holdspace.room.views import (
    capture,
    client_consent,
    client_view,
    hearing,
    said,
    session,
    speaking_voice,
    switches,
)

app_name = "room"

urlpatterns = [
    path("sessions/<int:session_id>/", session.session, name="session"),
    path("sessions/<int:session_id>/progress/", session.progress, name="progress"),
    path("sessions/<int:session_id>/jottings/", session.jottings, name="jottings"),
    path("sessions/<int:session_id>/upload/", session.upload, name="upload"),
    path("sessions/<int:session_id>/draft/", session.draft, name="draft"),
    path("sessions/<int:session_id>/swap/", session.swap, name="swap"),
    path("sessions/<int:session_id>/said/", said.said, name="said"),
    path("sessions/<int:session_id>/said/speakers/", said.name_speakers, name="name_speakers"),
    path("sessions/<int:session_id>/said/destroy/", said.destroy, name="destroy_said"),
    path("sessions/<int:session_id>/said/<int:turn>/", said.give_turn, name="give_turn"),
    path("sessions/<int:session_id>/code/", session.code, name="code"),
    path("sessions/<int:session_id>/dictate/", capture.dictate, name="dictate"),
    path("sessions/<int:session_id>/capture/", capture.capture, name="capture"),
    path("sessions/<int:session_id>/capture/begin/", capture.begin, name="begin"),
    path("sessions/<int:session_id>/capture/sound/", capture.sound, name="sound"),
    path("sessions/<int:session_id>/capture/state/", capture.state, name="state"),
    path("sessions/<int:session_id>/capture/words/", capture.words, name="words"),
    path("hearing/", hearing.hearing, name="hearing"),
    path("hearing/set/", hearing.set_hearing, name="set_hearing"),
    path("switches/", switches.switches, name="switches"),
    path("switches/turn/", switches.turn, name="turn"),
    path("speaking-voice/", speaking_voice.speaking_voice, name="speaking_voice"),
    path("speaking-voice/give/", speaking_voice.give, name="give_voice"),
    path("speaking-voice/forget/", speaking_voice.forget, name="forget_voice"),
    path("room/", client_view.door, name="client_door"),
    path("room/<str:code>/", client_view.with_client, name="with_client"),
    path("room/<str:code>/pause/", client_view.pause, name="client_pause"),
    path("room/<str:code>/consent/<slug:purpose>/", client_consent.ask, name="client_ask"),
    path("room/<str:code>/consent/<slug:purpose>/take-back/", client_consent.back, name="client_back"),
    path("room/<str:code>/signed/<int:number>/", client_consent.pdf, name="client_pdf"),
]
