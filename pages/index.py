"""The script that every visit runs: navigation, then the page."""

import streamlit as st

from pages.table import PAGES

st.set_page_config(page_title="Loss Explorer", page_icon=":material/landscape_2:", layout="wide")
st.navigation(
    [
        st.Page(page.draw, title=page.title, icon=page.icon, url_path=page.path, default=not page.path)
        for page in PAGES
    ],
    position="top",
).run()
