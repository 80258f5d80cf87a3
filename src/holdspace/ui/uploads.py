"""Uploads stay in memory: nothing clinical is ever a temporary file.

Django's own memory handler hands large files on to one that writes to the disk; this one refuses them.
"""

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from holdspace.errors import BadInput

LARGEST = 512 * 1024 * 1024
"""Bytes. Three hours of 16 kHz, 16-bit, one-channel sound are 346 MB; anything longer is sent compressed."""


class BodyTooLarge(BadInput):
    """More was sent than this address takes."""

    code = "too-large"


LOOKED_AT = 64 * 1024
"""Bytes by which words are told from sound; a file's name says nothing, because anyone can write it."""


def is_words(data: bytes) -> bool:
    """Whether a file is text: UTF-8 throughout its beginning, without the bytes that no text has."""
    head = data[:LOOKED_AT]
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(head) - error.start > 3 or len(data) <= LOOKED_AT:  # a letter may be cut in two at the end
            return False
        text = head[: error.start].decode("utf-8-sig")
    return not any(letter < " " and letter not in "\t\n\r\f" for letter in text)


class InMemoryOnly(FileUploadHandler):
    """Keeps one request's files in memory and stops reading past `LARGEST`; the field then stays empty."""

    def __init__(self, request: object = None) -> None:
        super().__init__(request)  # type: ignore[arg-type]  # Django passes None when it builds the list
        self._held = BytesIO()
        self._size = 0

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Start an empty buffer for the next file."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]  # passed on as it came
        self._held = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002  # Django's signature
        """Take one chunk, or stop the upload when there is too much."""
        self._size += len(raw_data)
        if self._size > LARGEST:
            self._held = BytesIO()
            raise StopUpload(connection_reset=False)
        self._held.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The whole file, in memory."""
        self._held.seek(0)
        return InMemoryUploadedFile(
            file=self._held,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
