"""Today, a client's page, the life of a note, and her voice."""

from django.urls import path

from holdspace.chart.views import clients, ledger, log, private, review, signed, today, voice

app_name = "chart"

urlpatterns = [
    path("", today.today, name="today"),
    path("days/<str:iso_day>/", today.day, name="day"),
    path("appointments/<int:appointment_id>/start/", today.start, name="start"),
    path("log/", log.log, name="log"),
    path("log/check/", log.check, name="log_check"),
    path("log/heads/", log.heads_on_paper, name="log_heads"),
    path("when-something-is-wrong/", log.when_wrong, name="when_wrong"),
    path("clients/<int:client_id>/log/", log.of_client, name="client_log"),
    path("clients/<int:client_id>/", clients.client, name="client"),
    path("sessions/<int:session_id>/note/", review.of_session, name="of_session"),
    path("sessions/<int:session_id>/note/write/", review.write, name="write"),
    path("notes/<int:note_id>/", review.note, name="note"),
    path("notes/<int:note_id>/sentences/add/", review.add, name="add"),
    path("notes/<int:note_id>/sentences/<int:sentence_id>/", review.sentence, name="sentence"),
    path("notes/<int:note_id>/sentences/<int:sentence_id>/evidence/", review.evidence, name="evidence"),
    path("notes/<int:note_id>/sentences/<int:sentence_id>/keep/", review.keep, name="keep"),
    path("notes/<int:note_id>/sentences/<int:sentence_id>/edit/", review.edit, name="edit"),
    path("notes/<int:note_id>/sentences/<int:sentence_id>/strike/", review.strike, name="strike"),
    path("notes/<int:note_id>/sentences/<int:sentence_id>/restore/", review.restore, name="restore"),
    path(
        "notes/<int:note_id>/questions/<int:question_id>/evidence/",
        review.question_evidence,
        name="question_evidence",
    ),
    path("notes/<int:note_id>/questions/<int:question_id>/answer/", review.answer, name="answer"),
    path("notes/<int:note_id>/left-out/<int:left_out_id>/put-back/", review.put_back, name="put_back"),
    path("notes/<int:note_id>/sign/", signed.sign, name="sign"),
    path("notes/<int:note_id>/pdf/", signed.pdf, name="pdf"),
    path("notes/<int:note_id>/program/", ledger.ledger, name="ledger"),
    path("notes/<int:note_id>/program/pdf/", ledger.pdf, name="ledger_pdf"),
    path("notes/<int:note_id>/addenda/", signed.addendum, name="addendum"),
    path("sessions/<int:session_id>/private/", private.private, name="private"),
    path("voice/", voice.voice, name="voice"),
    path("voice/switch/", voice.switch, name="voice_switch"),
    path("voice/erase/", voice.erase, name="voice_erase"),
    path("voice/<slug:habit>/", voice.correct, name="voice_correct"),
    path("voice/<slug:habit>/learnt/", voice.uncorrect, name="voice_uncorrect"),
]
