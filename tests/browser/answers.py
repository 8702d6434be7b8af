"""What the server answers over its socket, held back for as long as a test needs a slow server."""

import re

from playwright.sync_api import Page, WebSocketRoute


class Answers:
    """What the server says to one page, passed on or held back."""

    def __init__(self, page: Page) -> None:
        self._held: list[str | bytes] | None = None
        page.route_web_socket(re.compile("/_stcore/stream"), self._come)

    def _come(self, page: WebSocketRoute) -> None:
        self._page = page
        page.connect_to_server().on_message(self._say)

    def _say(self, answer: str | bytes) -> None:
        if self._held is None:
            self._page.send(answer)
        else:
            self._held.append(answer)

    def hold(self) -> None:
        self._held = []

    def let_go(self) -> None:
        held, self._held = self._held or [], None
        for answer in held:
            self._page.send(answer)
