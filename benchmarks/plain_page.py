"""A bare Streamlit page with one slider and one Plotly chart of two panels: what the live stage is held against."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

st.set_page_config(layout="wide")
st.title("Plain page")
slope = st.slider("Slope", 0.0, 6.0, 3.0, step=0.1, key="slope")
x = np.arange(10.0)
y = np.append(np.arange(9.0), 24.0)
grid = np.linspace(0.0, 6.0, 181)
loss = ((grid[:, None] * x - y) ** 2).mean(1)
now = float(((slope * x - y) ** 2).mean())
figure = make_subplots(1, 2)
figure.add_scatter(x=x, y=y, mode="markers", name="points", row=1, col=1)
figure.add_scatter(x=x, y=slope * x, mode="lines", name="line", row=1, col=1)
figure.add_scatter(x=grid, y=loss, mode="lines", name="loss", row=1, col=2)
figure.add_trace(go.Scatter(x=[slope], y=[now], mode="markers", name="now"), row=1, col=2)
figure.update_yaxes(range=[-6, 60])
st.plotly_chart(figure, key="chart")
st.markdown(f"Loss: {now:.3f}")
