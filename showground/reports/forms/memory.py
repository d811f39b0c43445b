"""Uploads that stay in memory: a file that somebody reports is on no disk before it is sealed."""

from __future__ import annotations

import io
from typing import Any, cast

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from showground.reports.actions.file import MOST_BYTES, MOST_FILE, MOST_FILES
from showground.rules.refused import Refused

SLACK = 2**20  # what a form weighs beside its files


class Memory(FileUploadHandler):
    """Collects each file in memory, at most `MOST_FILE` bytes; a larger one is marked and its rest is not kept."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self.bytes, self.whole = io.BytesIO(), True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece is kept while the file is within its limit."""
        self.whole = self.whole and start + len(raw_data) <= MOST_FILE
        if self.whole:
            self.bytes.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Returns the file; one that was too large is empty and says so."""
        self.bytes.seek(0)
        file = InMemoryUploadedFile(
            self.bytes if self.whole else io.BytesIO(),
            self.field_name,
            self.file_name or "file",
            self.content_type or "",
            file_size,
            self.charset,
            self.content_type_extra,
        )
        file.too_big = not self.whole  # type: ignore[attr-defined]
        return file


class Weighed(Memory):
    """Memory, for the whole form at once: what is beyond all limits is not read to its end."""

    def handle_raw_input(self, input_data: Any, META: dict[str, Any], content_length: int, *args: Any, **kwargs: Any) -> None:
        """Stops before the first byte of a form that is too heavy."""
        if content_length > MOST_BYTES + SLACK:
            raise StopUpload(connection_reset=True)


class Read(HttpRequest):
    """A request whose form was read; `form_read` is why it was refused, or None."""

    form_read: Refused | None


def in_memory(request: HttpRequest) -> None:
    """The request's form is read into memory, never into temporary files; refuses what is too much, in words. Twice is as once."""
    read = cast("Read", request)
    if not hasattr(read, "form_read"):
        read.form_read = None
        try:
            _read(read)
        except Refused as refused:
            read.form_read = refused
    if read.form_read is not None:
        raise read.form_read


def _read(request: HttpRequest) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > MOST_BYTES + SLACK:
        raise Refused("report.too_many_files", files=MOST_FILES, megabytes=MOST_BYTES // 2**20)
    request.upload_handlers = [Weighed(request)]
    try:
        request.POST  # noqa: B018 - read here, so that every refusal is met here
    except TooManyFilesSent:
        raise Refused("report.too_many_files", files=MOST_FILES, megabytes=MOST_BYTES // 2**20)
    except (RequestDataTooBig, MultiPartParserError):
        raise Refused("report.form")
