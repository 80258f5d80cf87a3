"""The door and the clients."""

from django.urls import path

from holdspace.people import views

app_name = "people"

urlpatterns = [
    path("set-up/", views.set_up, name="set_up"),
    path("unlock/", views.unlock, name="unlock"),
    path("recover/", views.recover, name="recover"),
    path("practice/", views.practice, name="practice"),
    path("practice/passphrase/", views.passphrase, name="passphrase"),
    path("practice/recovery-key/", views.recovery, name="recovery"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("clients/", views.clients, name="clients"),
    path("clients/add/", views.add_client, name="add_client"),
]
