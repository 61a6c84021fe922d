"""A Spark Connect server without a JVM, one a process, on loopback."""

from __future__ import annotations

from functools import cache

from pysail.spark import SparkConnectServer


@cache
def _server() -> SparkConnectServer:
    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    return server


def sail_server() -> str:
    """The address of the server, started when it is first asked."""
    _, port = _server().listening_address
    return f"sc://127.0.0.1:{port}"
