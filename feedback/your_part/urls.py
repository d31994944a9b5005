"""A parent's own page."""

from django.urls import path

from feedback.your_part import views as your_part

urlpatterns = [
    path("your-part/", your_part.your_part, name="your_part"),
    path("your-part/support/ask/", your_part.ask, name="support_ask"),
    path("your-part/support/withdraw/", your_part.withdraw, name="support_withdraw"),
]
