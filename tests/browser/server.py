"""A server of its own for tests and benchmarks: started, waited for, stopped."""

import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 120  # seconds for a cold start on a busy machine


class Server:
    """`streamlit run script` on a free port, or on a given one. RuntimeError with its log if it does not come up."""

    def __init__(self, log: Path, script: str = "app.py", port: int = 0) -> None:
        self.log, self.script, self.port = log, script, port or free_port()
        self.url = f"http://localhost:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Server":
        command = [sys.executable, "-m", "streamlit", "run", self.script, "--server.port", str(self.port)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        for _ in range(PATIENCE * 4):
            if self._healthy():
                return self
            try:
                self._process.wait(timeout=0.25)
            except subprocess.TimeoutExpired:
                continue
            break
        self.stop()
        raise RuntimeError(f"no server came up:\n{self.said()}")

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError("the server has not been started")
        return self._process.pid

    def said(self) -> str:
        """What the server wrote."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])
