"""The booth and receipts."""

from django.urls import path

from showground.voting import views

app_name = "voting"
urlpatterns = [
    path("vote/", views.booth, name="booth"),
    path("vote/address/", views.ask_code, name="ask_code"),
    path("vote/code/", views.prove, name="prove"),
    path("vote/another/", views.another_code, name="another_code"),
    path("vote/cast/", views.cast_form, name="cast_form"),
    path("receipt/<int:index>/", views.show_receipt, name="receipt"),
    path("receipt/<int:index>/file", views.receipt_file, name="receipt_file"),
]
