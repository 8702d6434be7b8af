"""Home."""

import streamlit as st


def draw() -> None:
    st.title("Loss Explorer")
