"""What the program may do, and what each model is."""

from django.urls import path

from holdspace.assist import views

app_name = "assist"

urlpatterns = [
    path("switches/choose/", views.choose, name="choose"),
    path("models/", views.cards, name="cards"),
    path("models/<str:name>/", views.card, name="card"),
]
