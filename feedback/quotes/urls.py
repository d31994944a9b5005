"""Words that may stand in a report."""

from django.urls import path

from feedback.quotes import views as quotes

urlpatterns = [
    path("group/<str:code>/quotes/", quotes.quotes, name="quotes"),
    path("quotes/<str:code>/", quotes.quote, name="quote"),
    path("quotes/<str:code>/change/", quotes.quote_change, name="quote_change"),
    path("quotes/<str:code>/sign/", quotes.quote_sign, name="quote_sign"),
    path("quotes/<str:code>/drop/", quotes.quote_drop, name="quote_drop"),
]
