"""A tablet that is passed round, for everybody."""

from django.urls import path

from feedback.views import tablet

urlpatterns = [
    path("<str:code>/tablet/", tablet.start, name="tablet"),
    path("<str:code>/tablet/sheet/", tablet.sheet, name="tablet_sheet"),
    path("<str:code>/tablet/thanks/", tablet.thanks, name="tablet_thanks"),
]
