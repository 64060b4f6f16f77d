"""The Platform operation as connexion serves it, from the spec. usage: connexion_server.py SPEC [FAULT]

With the fault `types` it contradicts the spec.
"""

import asyncio
import socket
import sys

import connexion
import uvicorn
import yaml


def basic(username, password):
    """Who calls; None refuses the call."""
    return {"sub": username} if (username, password) == ("judge", "not-a-secret") else None


def request_oauth_window_uri(user_identifier, member_identifier, **_):
    if connexion.request.headers.get("accept-version") != "v20250224":
        return {"error": "version"}, 406
    guid = 1 if sys.argv[2:] == ["types"] else "MBR-1"
    return {"member": {"guid": guid, "oauth_window_uri": "https://example.com/oauth"}}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        spec = yaml.safe_load(file)
    spec["components"]["securitySchemes"]["basicAuth"]["x-basicInfoFunc"] = "connexion_server.basic"
    for path in spec["paths"].values():
        for operation in path.values():
            operation["operationId"] = "connexion_server.request_oauth_window_uri"
    app = connexion.AsyncApp("judge")
    app.add_api(spec, strict_validation=True)
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"listens on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    asyncio.run(server.serve(sockets=[listener]))


if __name__ == "__main__":
    main()
