"""The server's headers fit the page that Streamlit serves."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import streamlit

from advisor.library import shipped
from advisor.ui import server


def test_the_policy_allows_the_one_inline_script_and_no_other() -> None:
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", page, re.DOTALL)
    hashes = {f"sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}" for s in scripts if s.strip()}
    assert hashes == {server.INLINE_SCRIPT}
    assert "unsafe-eval" not in server.POLICY
    assert "script-src 'self' 'unsafe-inline'" not in server.POLICY


def test_the_script_lies_beside_the_package_or_inside_it() -> None:
    assert server.script().is_file()
    assert (server.script().parent / ".streamlit" / "config.toml").is_file()
    assert server.script().parent == shipped("rules").parent
