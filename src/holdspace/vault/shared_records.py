"""A database connection that holds a share in the practice's records, so that nobody changes their key meanwhile."""

from typing import Any

from django.conf import settings
from django.utils.asyncio import async_unsafe

from holdspace.vault.in_use import Share, share


class SharedRecords:
    """What both databases' connections do around connecting and closing."""

    _share = Share(None)

    @async_unsafe
    def connect(self) -> None:
        """Take a share, then connect. Raises KeyBeingChanged."""
        self._share.give_back()
        self._share = share(settings.CONFIG.home)
        try:
            super().connect()  # type: ignore[misc]  # the database's own, which comes after this class
        except BaseException:
            self._share.give_back()
            raise

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]  # likewise
        finally:
            self._share.give_back()
