"""Every address of Holdspace. Rooms bring their own; the errors are pages of ours."""

from django.urls import include, path

from holdspace.ui.views import living_page

urlpatterns = [
    path("", include("holdspace.people.urls")),
    path("", include("holdspace.outside.urls")),
    path("", include("holdspace.consent.urls")),
    path("", include("holdspace.schedule.urls")),
    path("", include("holdspace.assist.urls")),
    path("", include("holdspace.room.urls")),
    path("", include("holdspace.chart.urls")),
    path("", include("holdspace.safekeeping.urls")),
    path("", include("holdspace.proof.urls")),
    path("ui/", living_page, name="living_page"),
]

handler400 = "holdspace.ui.errors.unclear"
handler404 = "holdspace.ui.errors.missing"
handler500 = "holdspace.ui.errors.broken"
