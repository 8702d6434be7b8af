"""What a page and the server say over their socket, held back for as long as a test needs a slow network or server."""

import re

from playwright.sync_api import Page, WebSocketRoute

Said = str | bytes


class Answers:
    """What the server says to one page, passed on or held back; and what the page asks, if that is to wait too."""

    def __init__(self, page: Page) -> None:
        self._held: list[Said] | None = None
        self._asked: list[Said] | None = None
        self._tab = page
        page.route_web_socket(re.compile("/_stcore/stream"), self._come)

    def _come(self, page: WebSocketRoute) -> None:
        self._page, self._server = page, page.connect_to_server()
        self._server.on_message(self._say)
        page.on_message(self._ask)

    def _say(self, answer: Said) -> None:
        if self._held is None:
            self._page.send(answer)
        else:
            self._held.append(answer)

    def _ask(self, question: Said) -> None:
        if self._asked is None:
            self._server.send(question)
        else:
            self._asked.append(question)

    def hold(self) -> None:
        self._held = []

    def let_go(self) -> None:
        held, self._held = self._held or [], None
        for answer in held:
            self._page.send(answer)

    def hold_questions(self) -> None:
        self._asked = []

    def asks(self, count: int) -> None:
        """Until so many things wait to be asked. AssertionError if they do not come in half a minute."""
        for _ in range(600):
            if len(self._asked or []) >= count:
                return
            self._tab.wait_for_timeout(50)
        raise AssertionError(f"{len(self._asked or [])} questions, not {count}")

    def ask_at_once(self) -> None:
        """The server gets all that waits to be asked in one moment."""
        asked, self._asked = self._asked or [], None
        for question in asked:
            self._server.send(question)

    def all_said(self) -> None:
        """Until the server, whose answers are held back, has had nothing to say for a second."""
        before = -1
        while (now := len(self._held or [])) != before:
            before = now
            self._tab.wait_for_timeout(1000)
