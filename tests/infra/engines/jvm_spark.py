"""The tests of the engines on a Spark that runs in a JVM, through the same client as everywhere else.

    .venv/bin/python -m tests.infra.engines.jvm_spark [ARGUMENTS OF PYTEST]

The server is never in the virtual environment of its client (their packages exclude each other): it has its own, in
`build/jvm_spark`, made at the first run. It needs Java 17 (Debian: openjdk-17-jre-headless), and listens on loopback.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SERVER = ROOT / "build" / "jvm_spark"
VERSION = "4.0.5"
STARTED = "Spark Connect server started at: "
PATIENCE = 180
"""Seconds until a server that has not started is given up."""


def spark_home() -> Path:
    """Where Spark is installed, after installing it unless that was done."""
    ready = SERVER / f"ready-{VERSION}"
    if not ready.exists():
        print(f"Setting up Spark {VERSION} in {SERVER} (once)…", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(SERVER)], check=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"pyspark=={VERSION}"]
        subprocess.run([str(SERVER / "bin" / "python"), *install], check=True)
        ready.touch()
    return next(SERVER.glob("lib/python*/site-packages/pyspark"))


@contextmanager
def running(home: Path, folder: Path) -> Iterator[str]:
    """A server of this process alone, whose own files are in this folder; its address."""
    options = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": "0",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
    }
    command = [str(home / "bin" / "spark-submit"), "--master", "local[2]", "--driver-memory", "2g"]
    for name, value in options.items():
        command += ["--conf", f"{name}={value}"]
    command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
    environment = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    server = subprocess.Popen(command, env=environment, cwd=folder, stderr=subprocess.PIPE, text=True)
    watch = threading.Timer(PATIENCE, server.kill)
    watch.start()
    try:
        lines = iter(server.stderr or ())
        address = _address(lines)
        watch.cancel()
        threading.Thread(target=_drain, args=(lines,), daemon=True).start()
        yield address
    finally:
        watch.cancel()
        server.terminate()
        server.wait(60)


def _address(lines: Iterable[str]) -> str:
    said = []
    for line in lines:
        said.append(line)
        if STARTED in line:
            return f"sc://{line.split(STARTED)[1].strip()}"
    raise SystemExit("".join([*said[-20:], "The Spark server did not start."]))


def _drain(lines: Iterable[str]) -> None:
    for _ in lines:
        pass


def main(arguments: list[str]) -> int:
    """Run the tests on a server; the status of pytest."""
    if not shutil.which("java"):
        raise SystemExit("A Spark server needs Java 17. On Debian or Ubuntu: apt-get install openjdk-17-jre-headless")
    tests = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "0",
        "-k",
        "spark",
        "--timeout=900",
        "tests/infra/engines",
        *arguments,
    ]
    with tempfile.TemporaryDirectory() as folder, running(spark_home(), Path(folder)) as address:
        print(f"Spark {VERSION} at {address}", flush=True)
        return subprocess.run(tests, check=False, cwd=ROOT, env=os.environ | {"SPARK_REMOTE_TEST": address}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
