"""The table of pages: what the navigation, the home page and the served frames know of them."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages import (
    adversarial,
    boxes,
    catalogue,
    choose,
    classification,
    combining,
    distributions,
    embeddings,
    home,
    own,
    reconstruction,
    regression,
    segmentation,
)
from pages.ui.controls import Choice
from pages.ui.views import View


@dataclass(frozen=True)
class Page:
    path: str
    title: str
    icon: str
    draw: Callable[[], None]
    views: tuple[View, ...]
    about: str = ""
    section: str = ""  # of the navigation and of Home's cards; "" for the ways in, which stand beside the sections

    def streamlit(self) -> StreamlitPage:
        """The page as Streamlit's navigation and links take it."""
        return st.Page(self.draw, title=self.title, icon=self.icon, url_path=self.path, default=not self.path)

    def asks(self, view: View) -> str:
        """The question above this view: that of its part, or the page's own where it has no parts."""
        words = vars(sys.modules[self.draw.__module__])
        return next((part.question for part in words.get("PARTS", ()) if part.view is view), words.get("QUESTION", ""))


PAGES = (
    Page("", "Home", ":material/home:", home.draw, home.VIEWS),
    Page(
        "choose", "Choose", ":material/signpost:", choose.draw, choose.VIEWS,
        "Name the task and what goes wrong in it: two or three losses, why, and at what price.",
    ),
    Page(
        "regression", "Regression", ":material/show_chart:", regression.draw, regression.VIEWS,
        "Predict a number: what an error costs, and who pulls the line.",
        "Predict",
    ),
    Page(
        "classification", "Classification", ":material/category:", classification.draw, classification.VIEWS,
        "Predict a class: sure and wrong, easy and hard, and what a good number is.",
        "Predict",
    ),
    Page(
        "segmentation", "Segmentation", ":material/texture:", segmentation.draw, segmentation.VIEWS,
        "Predict a mask: overlap, borders, small objects and empty pictures.",
        "Predict",
    ),
    Page(
        "boxes", "Boxes", ":material/crop_free:", boxes.draw, boxes.VIEWS,
        "Predict a box: overlap, distance and shape, and boxes that do not touch.",
        "Predict",
    ),
    Page(
        "embeddings", "Embeddings", ":material/scatter_plot:", embeddings.draw, embeddings.VIEWS,
        "Learn what is alike: pairs, triplets and proxies.",
        "Represent and make",
    ),
    Page(
        "reconstruction", "Reconstruction", ":material/image:", reconstruction.draw, reconstruction.VIEWS,
        "Make a picture anew: when two pictures are alike, for a loss and for the eye.",
        "Represent and make",
    ),
    Page(
        "adversarial", "Adversarial", ":material/swords:", adversarial.draw, adversarial.VIEWS,
        "One network makes, another judges: losses of the game, and what they leave to learn from.",
        "Represent and make",
    ),
    Page(
        "distributions", "Distributions", ":material/bar_chart:", distributions.draw, distributions.VIEWS,
        "Predict shares, samples, counts or a row of symbols: how far off is off?",
        "Represent and make",
    ),
    Page(
        "combining", "Combining", ":material/balance:", combining.draw, combining.VIEWS,
        "Add losses, penalise weights: what each part of the sum does to the goal.",
        "Build",
    ),
    Page(
        "own", "Your own", ":material/edit:", own.draw, own.VIEWS,
        "Type a loss: its curve, its gradient, the line it fits, and what does not hold.",
        "Build",
    ),
    Page(
        "catalogue", "Catalogue", ":material/list:", catalogue.draw, catalogue.VIEWS,
        "Every loss: search, filter by property and cost, compare, copy.",
    ),
)  # fmt: skip


def sections() -> dict[str, list[Page]]:
    """The pages by their section, the ways in first."""
    found: dict[str, list[Page]] = {}
    for page in PAGES:
        found.setdefault(page.section, []).append(page)
    return found


VIEWS = {view.key: view for page in PAGES for view in page.views}


def where(view: View) -> tuple[Page, dict[str, str]]:
    """The page of a view, and what its address says to open it there."""
    page = next(page for page in PAGES if view in page.views)
    return page, {} if view is page.views[0] else {"part": view.key.split("/")[1]}


def placed(address: str) -> tuple[Page, dict[str, str]]:
    """The page that an address such as /boxes?part=race opens, and its settings. KeyError for a page that is not."""
    at = urlsplit(address)
    return {page.path: page for page in PAGES}[at.path.strip("/")], dict(parse_qsl(at.query))


def link(loss: str) -> tuple[Page, dict[str, str]] | None:
    """The page, and the settings in its address, where this loss is chosen; None where no page has it."""
    for page in PAGES[1:]:  # the catalogue, which has them all, comes last
        for view in page.views:
            for control in view.controls:
                if isinstance(control, Choice) and loss in control.options:
                    return page, where(view)[1] | {control.key: control.write([loss] if control.several else loss)}
    return None
