"""The Platform operation as FastAPI serves it. usage: fastapi_server.py [FAULT]

It follows the spec; what it adds or leaves out is harmless: it ignores `Accept`, compresses, and has a field of its own.
With a fault it contradicts the spec.
"""

import base64
import secrets
import sys
from enum import Enum

import uvicorn
from fastapi import FastAPI, Header, Response
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse

FAULT = sys.argv[1] if len(sys.argv) > 1 else None
CREDENTIALS = "Basic " + base64.b64encode(b"judge:not-a-secret").decode()

app = FastAPI()
app.add_middleware(GZipMiddleware, minimum_size=10)


class Source(str, Enum):
    BROWSER = "BROWSER"
    APP = "APP"


@app.get("/users/{user_identifier}/members/{member_identifier}/oauth_window_uri")
def oauth_window_uri(
    user_identifier: str,
    member_identifier: str,
    skip_aggregation: bool | None = None,
    enable_app2app: bool | None = None,
    referral_source: Source | None = None,
    client_redirect_url: str | None = None,
    ui_message_webview_url_scheme: str | None = None,
    authorization: str = Header(""),
    accept_version: str = Header(""),
):
    if FAULT != "open" and not secrets.compare_digest(authorization.encode(), CREDENTIALS.encode()):
        return JSONResponse({"error": "credentials"}, 401, {"WWW-Authenticate": "Basic"})
    if accept_version != "v20250224":
        return JSONResponse({"error": "version"}, 406)
    window = {"guid": "MBR-1", "oauth_window_uri": "https://example.com/oauth", "color": "new"}
    match FAULT:
        case "types":
            return {"member": window | {"guid": 1}}
        case "unwrapped":
            return window
        case "created":
            return JSONResponse({"member": window}, 201)
        case "text":
            return Response("later", media_type="text/plain")
    return {"member": window}


class Server(uvicorn.Server):
    """Says where it listens."""

    async def startup(self, sockets=None):
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        print(f"listens on http://127.0.0.1:{port}", flush=True)


if __name__ == "__main__":
    Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error")).run()
