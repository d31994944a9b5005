"""A tablet that is passed round, for everybody."""

from django.urls import path

from feedback.tablet import views as tablet

urlpatterns = [
    path("<str:code>/tablet/", tablet.start, name="tablet"),
    path("<str:code>/tablet/sheet/", tablet.sheet, name="tablet_sheet"),
    path("<str:code>/tablet/thanks/", tablet.thanks, name="tablet_thanks"),
]
