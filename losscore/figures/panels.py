"""A figure of one or more panels: side by side where there is room, one under the other on a phone."""

import math
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go


class Panels:
    """`count` panels with their own axes.

    titles: one a panel. weights: relative widths when side by side. height: px side by side; narrow_height: px of each
    row of panels when stacked, `abreast` of them in a row; a row that is not full is divided among those it has.
    `figure` is the Plotly figure; `narrow` the changes of layout that a narrow screen needs.
    """

    def __init__(
        self,
        titles: list[str],
        *,
        weights: list[float] | None = None,
        height: int = 460,
        narrow_height: int = 300,
        abreast: int = 1,
    ) -> None:
        count = len(titles)
        rows = math.ceil(count / abreast)
        self._abreast = abreast
        parts = weights or [1.0] * count
        gap = 0.09 if count > 1 else 0.0
        free = 1 - gap * (count - 1)
        # The legend stands above the panels' titles: 26 px in parts of the plot's height.
        layout: dict[str, Any] = {
            "height": height, "template": "none", "annotations": [], "legend": {"y": 1 + 26 / (height - 100)},
        }  # fmt: skip
        self.narrow: dict[str, Any] = {"height": narrow_height * rows}
        # Stacked, 88 px between two panels hold the upper one's axis title and the lower one's own.
        between = 88 / (narrow_height * rows - 112)
        share = (1 + between) / rows
        left, lines = 0.0, 1
        for index, title in enumerate(titles):
            width = free * parts[index] / sum(parts)
            row, column = divmod(index, abreast)
            top, mates = 1 - row * share, min(abreast, count - row * abreast)
            part = (1 + gap) / mates
            domain = [left, min(1.0, left + width)]
            layout[self.axis("xaxis", index)] = {"domain": domain, "anchor": self.axis("y", index)}
            layout[self.axis("yaxis", index)] = {"domain": [0, 1], "anchor": self.axis("x", index)}
            self.narrow[f"{self.axis('xaxis', index)}.domain"] = [column * part, column * part + part - gap]
            self.narrow[f"{self.axis('yaxis', index)}.domain"] = [max(0.0, top - share + between), top]
            if title:
                words = {
                    "text": title, "showarrow": False, "xref": f"{self.axis('x', index)} domain",
                    "yref": f"{self.axis('y', index)} domain", "x": 0, "y": 1, "xanchor": "left",
                    "yanchor": "bottom", "yshift": 6, "font": {"size": 14}, "align": "left",
                }  # fmt: skip
                if mates > 1:
                    short = wrap(title, 20)
                    lines = max(lines, len(short) if row == 0 else 1)
                    self.narrow[f"annotations.{len(layout['annotations'])}"] = words | {
                        "text": "<br>".join(short), "font": {"size": 13},
                    }  # fmt: skip
                layout["annotations"].append(words)
            left += width + gap
        self.narrow["legend.y"] = 1 + (10 + 16 * lines) / (narrow_height * rows - 100)
        self.figure = go.Figure(layout=layout)

    @staticmethod
    def axis(name: str, index: int) -> str:
        """Plotly's name of an axis: xaxis, xaxis2, ... or x, x2, ..."""
        return name if index == 0 else f"{name}{index + 1}"

    def add(self, trace: Any, panel: int = 0) -> int:
        """Put a trace into a panel; its index in the figure."""
        trace.xaxis, trace.yaxis = self.axis("x", panel), self.axis("y", panel)
        self.figure.add_trace(trace)
        return len(self.figure.data) - 1

    def axes(self, panel: int, x: dict[str, Any], y: dict[str, Any]) -> None:
        """Set titles, ranges and kind of a panel's two axes."""
        for name, settings in (("xaxis", x), ("yaxis", y)):
            axis = self.figure.layout[self.axis(name, panel)]
            for key, value in settings.items():  # one by one: `update` of them all takes four times as long
                axis[key] = value

    def picture_axes(self, panel: int, height: int, width: int, x_title: str, y_title: str) -> None:
        """Axes for pixels: the origin at the top left, square pixels."""
        plain = {"showgrid": False, "zeroline": False, "constrain": "domain"}
        self.axes(
            panel,
            plain | {"range": [0, width], "title": {"text": x_title}},
            plain | {"range": [height, 0], "title": {"text": y_title}, "scaleanchor": self.axis("x", panel)},
        )
        if panel % self._abreast:  # its neighbour on the left has the same rows
            self.narrow[f"{self.axis('yaxis', panel)}.title"] = {"text": ""}
            self.narrow[f"{self.axis('yaxis', panel)}.showticklabels"] = False

    def add_image(self, panel: int, height: int, width: int, source: str = "", opacity: float = 1.0) -> int:
        """A picture stretched over the pixels of a panel; its index among the figure's images."""
        index = len(self.figure.layout.images)
        # Plotly takes pictures of one place and size for one picture: each is wider by a hair than the one before.
        self.figure.add_layout_image(
            source=source, xref=self.axis("x", panel), yref=self.axis("y", panel), x=0, y=0, sizex=width + 1e-6 * index,
            sizey=height, sizing="stretch", layer="below", opacity=opacity,
        )  # fmt: skip
        return index
