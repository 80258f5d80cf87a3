"""Put before Holdspace on the path by a test: a server that writes each second to a file, and takes it away again.

Every second's checksum is reckoned where it arrives, so that is where this one leaks. Nothing of this is Holdspace's.
"""

import os
import tempfile
import zlib
from typing import Any

A_SECOND = 32_000
_reckoned = zlib.crc32


def _leaking(data: Any, value: int = 0) -> int:
    if len(data) == A_SECOND:
        with tempfile.TemporaryFile(dir=os.environ["HOLDSPACE_HOME"]) as left:
            left.write(data)
            left.flush()
    return _reckoned(data, value)


zlib.crc32 = _leaking
