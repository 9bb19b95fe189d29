"""
One fixed way to write plain data (canonical JSON, RFC 8785), and the checksum of it that names what a result rests on.
"""

from __future__ import annotations

import hashlib

import rfc8785


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON of plain data, 64 hexadecimal digits."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()  # type: ignore[arg-type]
