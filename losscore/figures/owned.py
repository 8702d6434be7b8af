"""Pictures of who owns a loss: the rows that weigh most, or the pixels."""

from collections.abc import Sequence

import plotly.graph_objects as go
import torch
from torch import Tensor

from losscore.explore.owned import Owned
from losscore.figures import theme
from losscore.figures.labels import label

TOP = 12  # rows drawn
_TEMPLATE = {
    "margin": {"l": 60, "r": 16, "t": 36, "b": 52},
    "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom"},
}


def rows_of(owned: Owned, beside: Owned, lines: Tensor) -> go.Figure:
    """The rows with the largest shares of one loss, and what share of each the loss beside it gives them."""
    first = _shares(owned)
    top = first.argsort(descending=True)[:TOP]
    names = [f"row {line}" for line in lines[top].tolist()]
    figure = go.Figure(layout=_TEMPLATE | {"height": 380, "barmode": "group"})
    for one, pattern in ((owned, ""), (beside, "/")):
        if one is beside and beside is owned:
            break
        key = one.loss.key
        marker = {"color": theme.colour(key), "pattern": {"shape": pattern}}
        figure.add_trace(go.Bar(x=names, y=(100 * _shares(one)[top]).tolist(), name=label(key), marker=marker))
    figure.update_xaxes(title="row of the file", type="category")
    figure.update_yaxes(title="share of the loss (%)", rangemode="tozero")
    return figure


def pixels_of(owned: Owned, truth: Tensor, pred: Tensor) -> go.Figure:
    """Each pixel's share of the length of a loss's gradient, with the outlines of truth and prediction."""
    pulls = torch.zeros_like(truth) if owned.pulls is None else owned.pulls
    figure = go.Figure(layout=_TEMPLATE | {"height": 460})
    bar = {"title": "share (%)"}
    figure.add_trace(go.Heatmap(z=(100 * pulls).numpy(), colorscale="Blues", colorbar=bar, name=label(owned.loss.key)))
    for mask, name, ink, dash in (
        (truth, "truth", theme.TRUTH, "solid"), (pred, "prediction at 0.5", theme.PREDICTION, "dash"),
    ):  # fmt: skip
        edge = {"start": 0.5, "end": 0.5, "size": 1, "coloring": "none"}
        line = {"color": ink, "width": 2, "dash": dash}
        figure.add_trace(
            go.Contour(z=mask.numpy(), contours=edge, line=line, name=name, showlegend=True, hoverinfo="skip")
        )
    figure.update_xaxes(title="column (px)", constrain="domain", showgrid=False)
    figure.update_yaxes(title="row (px)", autorange="reversed", scaleanchor="x", showgrid=False)
    return figure


def table_of(owned: Sequence[Owned], half: Sequence[str]) -> dict[str, list[object]]:
    """Columns for a table of losses: name, value, largest shares, what `half` says of each, and why one is missing."""
    return {
        "Loss": [label(one.loss.key) for one in owned],
        "Value": [one.value for one in owned],
        "Largest share of the loss": [_largest(one.shares) for one in owned],
        "Largest share of the gradient": [_largest(one.pulls) for one in owned],
        "Half of the gradient": list(half),
        "Not for these numbers": [one.refused for one in owned],
    }


def _largest(shares: Tensor | None) -> float | None:
    """In per cent."""
    return None if shares is None else 100 * float(shares.max())


def _shares(owned: Owned) -> Tensor:
    """Shares of the loss; of its gradient where it is no sum of rows."""
    shares = owned.pulls if owned.shares is None else owned.shares
    assert shares is not None
    return shares
