"""Letters leave by real SMTP; a mail server that is away is said, and no code is left behind."""

from __future__ import annotations

import email
import re
import socketserver
import threading
from collections.abc import Iterator
from email.policy import default
from typing import Any

import pytest

from showground.people import actions
from showground.people.models import AddressCode
from showground.rules.refused import Refused

pytestmark = pytest.mark.django_db
AT = 1_790_000_000


class Postman(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as one letter needs."""

    def handle(self) -> None:
        """Takes letters until QUIT."""
        self._say("220 postman")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            if word == "DATA":
                self._say("354 go on")
                self.server.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))  # type: ignore[attr-defined]
                if self.server.silent:  # type: ignore[attr-defined]
                    return
            self._say("221 bye" if word == "QUIT" else "250 postman" if word in {"EHLO", "HELO"} else "250 fine")
            if word == "QUIT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def postman(settings: Any) -> Iterator[Any]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postman) as server:
        server.letters, server.silent = [], False  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.server_address[1], 60
        yield server
        server.shutdown()


def ask(language: str) -> str:
    return actions.send_code(
        "ada@mail.example",
        purpose="sign-in",
        letter="people/letters/sign_in.txt",
        context={},
        language=language,
        network="192.0.2.1",
        at=AT,
    )


def code_of(letter: bytes) -> str:
    text = email.message_from_bytes(letter, policy=default).get_content()
    return "".join(re.search(r"\b(\d{3})\s?(\d{3})\b", text).groups())  # type: ignore[union-attr]


@pytest.mark.parametrize(("language", "word"), [("en", "code"), ("zh-hans", "验证码")])
def test_the_code_arrives_by_smtp_in_the_reader_s_language(postman: Any, language: str, word: str) -> None:
    nonce = ask(language)
    letter = email.message_from_bytes(postman.letters[0], policy=default)
    text = letter.get_content()
    assert letter["To"] == "ada@mail.example" and word in text.lower() + str(letter["Subject"]).lower()
    code = code_of(postman.letters[0])
    assert actions.prove_address(nonce, code, purpose="sign-in", at=AT) == "ada@mail.example"


def test_a_mail_server_that_is_away_is_said(postman: Any, settings: Any) -> None:
    settings.EMAIL_PORT = 9
    with pytest.raises(Refused) as caught:
        ask("en")
    assert caught.value.code == "people.mail_away" and not AddressCode.objects.exists()


def test_a_letter_that_may_have_left_keeps_its_code_and_counts_in_the_limits(postman: Any) -> None:
    postman.silent = True  # the server takes the letter and is gone before it says so
    nonces = [ask("en") for _ in range(3)]
    assert actions.prove_address(nonces[0], code_of(postman.letters[0]), purpose="sign-in", at=AT) == "ada@mail.example"
    with pytest.raises(Refused) as caught:
        ask("en")
    assert caught.value.code == "people.too_often" and len(postman.letters) == 3
    for _ in range(actions.TRIES):
        with pytest.raises(Refused):
            actions.prove_address(nonces[1], "000000x", purpose="sign-in", at=AT)
    with pytest.raises(Refused) as caught:
        actions.prove_address(nonces[1], code_of(postman.letters[1]), purpose="sign-in", at=AT)
    assert caught.value.code == "people.code_spent"
