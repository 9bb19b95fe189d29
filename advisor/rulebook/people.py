"""
People who sign: whether two names are those of one person. What looks the same on a screen counts as the same.
"""

from __future__ import annotations

import unicodedata


def same_person(left: str, right: str) -> bool:
    return _key(left) == _key(right)


def _key(name: str) -> str:
    """A name without what cannot be seen: letters in one form, no invisible characters, single spaces, no case."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) not in ("Cf", "Cc", "Mn"))
    return " ".join(unicodedata.normalize("NFKC", seen).split()).casefold()
