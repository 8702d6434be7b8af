"""The script that every visit runs: navigation, then the page."""

from pathlib import Path

import streamlit as st

from pages.table import sections
from pages.ui import presenter, tour

_ASSETS = Path(__file__).parents[1] / "assets"

st.set_page_config(page_title="Loss Explorer", page_icon=_ASSETS / "icon.png", layout="wide")
if st.context.is_embedded:
    st.html(_ASSETS / "embed.css")
if presenter.on():
    st.html(_ASSETS / "present.css")
grouped = {section: [page.streamlit() for page in pages] for section, pages in sections().items()}
page = st.navigation(grouped, position="hidden" if st.context.is_embedded else "top")
tour.strip(page.url_path)
page.run()
