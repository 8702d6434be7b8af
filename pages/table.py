"""The table of pages: what the navigation, the home page and the served frames know of them."""

from collections.abc import Callable
from dataclasses import dataclass

from pages import home, regression
from pages.ui.views import View


@dataclass(frozen=True)
class Page:
    path: str
    title: str
    icon: str
    draw: Callable[[], None]
    views: tuple[View, ...]


PAGES = (
    Page("", "Home", ":material/home:", home.draw, ()),
    Page("regression", "Regression", ":material/show_chart:", regression.draw, regression.VIEWS),
)

VIEWS = {view.key: view for page in PAGES for view in page.views}
