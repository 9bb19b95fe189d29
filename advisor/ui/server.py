"""
The app as a web server with security headers.

    python -m advisor.ui.server --port 8501        from the command line, on this computer only
    uvicorn advisor.ui.server:app --port 8501      under a server of your own

The settings in `.streamlit/config.toml` beside `streamlit_app.py` hold either way, in a checkout and once installed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from advisor.library import PACKAGE

INLINE_SCRIPT = "sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA="
"""The one script inside the page of Streamlit 1.67; a test compares it with what is served."""

POLICY = "; ".join(
    (
        "default-src 'self'", f"script-src 'self' '{INLINE_SCRIPT}'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob:",
        "font-src 'self' data:", "connect-src 'self'", "worker-src 'self' blob:", "object-src 'none'", "base-uri 'self'",
        "form-action 'self'", "frame-ancestors 'none'",
    )
)  # fmt: skip

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}

LOCAL = "localhost"


class SecurityHeaders:
    """Adds the headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        await self.app(scope, receive, sending)


def script() -> Path:
    """`streamlit_app.py`: inside the package once installed, beside it in a checkout."""
    inside = PACKAGE / "_shipped" / "streamlit_app.py"
    return inside if inside.is_file() else PACKAGE.parent / "streamlit_app.py"


app = st.App(script(), middleware=[Middleware(SecurityHeaders)])


def serve(arguments: Sequence[str] | None = None) -> None:
    """Serves the app until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m advisor.ui.server", description="Serves the advisor.")
    parser.add_argument("--port", type=int, default=8501, help="the port to listen on (default: 8501)")
    parser.add_argument("--address", default=LOCAL, help=f"the address to listen on (default: {LOCAL}, this computer only)")
    chosen = parser.parse_args(arguments)
    sys.argv = [str(script())]  # Streamlit looks for its settings beside the script that was started
    settings: dict[str, object] = {"server.port": chosen.port, "server.address": chosen.address}
    if chosen.address == LOCAL:
        settings["server.allowedHosts"] = [LOCAL, "127.0.0.1"]  # no other name may lead here: no DNS rebinding
    app.run(config=settings)


if __name__ == "__main__":
    serve()
