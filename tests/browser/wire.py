"""What a page costs on the network."""

from typing import Any

from playwright.sync_api import Page


class Wire:
    """Counts the bytes that arrive: bodies of answers as they were packed, and frames of websockets."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        session = page.context.new_cdp_session(page)
        session.on("Network.loadingFinished", lambda event: self._add(event["encodedDataLength"]))
        session.on("Network.webSocketFrameReceived", self._frame)
        session.send("Network.enable")

    def _add(self, size: float) -> None:
        self.bytes += int(size)

    def _frame(self, event: dict[str, Any]) -> None:
        response = event["response"]
        # A binary frame (opcode 2) is told in base64.
        self._add(len(response["payloadData"]) * (0.75 if response["opcode"] == 2 else 1))
