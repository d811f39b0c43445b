"""The booth and receipts."""

from django.urls import path

from showground.voting.views import booth, prove, receipt

app_name = "voting"
urlpatterns = [
    path("vote/", booth.booth, name="booth"),
    path("vote/address/", prove.ask_code, name="ask_code"),
    path("vote/code/", prove.prove, name="prove"),
    path("vote/another/", prove.another_code, name="another_code"),
    path("vote/cast/", booth.cast_form, name="cast_form"),
    path("receipt/<int:index>/", receipt.show_receipt, name="receipt"),
    path("receipt/<int:index>/file", receipt.receipt_file, name="receipt_file"),
]
