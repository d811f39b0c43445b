"""What the address of the mail server says: where it is, as whom, and whether others on the line can read."""

from __future__ import annotations

import pytest

from showground.settings import _mail


@pytest.mark.parametrize(
    ("address", "port", "closed"),
    [("smtps://a:b%40c@mx.example", 465, True), ("smtps://mx.example:4650", 4650, True), ("smtp://127.0.0.1", 25, False)],
)
def test_letters_go_over_a_closed_line_where_the_address_says_so(address: str, port: int, closed: bool) -> None:
    told = _mail(address)
    assert (told["EMAIL_PORT"], told["EMAIL_USE_SSL"]) == (port, closed)
    assert told["EMAIL_HOST_PASSWORD"] == ("b@c" if "@" in address else "")


def test_without_a_mail_server_letters_stay_in_the_data_folder() -> None:
    assert _mail("folder:") == {"EMAIL_BACKEND": "showground.ui.letterbox.FolderBackend"}
