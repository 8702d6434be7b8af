"""Your own: targets and predictions from a file, or two masks. What is brought stays in this visitor's session."""

from collections.abc import Sequence

import streamlit as st

from losscore.explore.owned import Owned, half_of, own_pixels, own_rows
from losscore.figures.labels import label
from losscore.figures.owned import pixels_of, rows_of, table_of
from losscore.own.tables import MOST_BYTES, MOST_ROWS, MOST_SIDE, Table, Unreadable, read_mask, read_table
from losscore.scenes.brought import example_masks, example_table
from pages.ui.page import Desk

_MEGABYTES = MOST_BYTES // 1_000_000
_KEPT = "The file stays in the server's memory, for you alone, until you close the page. The link holds nothing of it."
_ROWS_HELP = (
    f"CSV, at most {MOST_ROWS:,} rows. A column target, and one of: prediction (any number); logit or probability "
    "(targets 0 and 1); or logit_0, logit_1, … (targets are the class, from 0)."
)
_TOOLS = {"modeBarButtons": [["toImage"]], "displaylogo": False}  # to take it away; Streamlit adds the full screen
_EXAMPLE = "prediction,target\n1.52,1.4\n0.98,1.1\n2.05,19.7\n"


def _choose(owned: Sequence[Owned], name: str, key: str, default: str) -> Owned:
    """One of the losses that these numbers allow."""
    keys = [one.loss.key for one in owned]
    at = keys.index(default) if default in keys else 0
    chosen = st.selectbox(name, keys, at, format_func=label, key=key)
    return owned[keys.index(chosen)]


def _told(owned: Sequence[Owned], what: str) -> None:
    """The table of all losses, to sort and to take away."""
    half = ["" if one.pulls is None else f"in {half_of(one.pulls):.1%} of the {what}" for one in owned]
    share = st.column_config.ProgressColumn(min_value=0, max_value=100, format="%.1f %%")
    st.dataframe(
        table_of(owned, half), hide_index=True, height=420,
        column_config={
            "Value": st.column_config.NumberColumn(format="%.5g"), "Largest share of the loss": share,
            "Largest share of the gradient": share,
        },
        alt=f"Every loss of this data, and how much of it and of its gradient the largest of the {what} owns.",
    )  # fmt: skip


def _table() -> tuple[Table | None, bool]:
    """The visitor's table, or the example; None where the file cannot be read. And whether it is the visitor's."""
    file = st.file_uploader("Your table", "csv", key="own_table", help=_ROWS_HELP, max_upload_size=_MEGABYTES)
    st.download_button("A table to start from", _EXAMPLE, "example.csv", "text/csv", width="stretch")
    if file is None:
        return example_table(), False
    try:
        return read_table(file.getvalue()), True
    except Unreadable as error:
        st.warning(str(error))
        return None, True


def _rows() -> None:
    st.markdown("## Which rows own your loss?", anchors=False)
    right, left = st.columns([0.28, 0.72], gap="medium")
    with right:
        table, brought = _table()
        if table is None:
            return
        owned = own_rows(table)
        usable = [one for one in owned if one.shares is not None or one.pulls is not None]
        if not usable:
            st.caption("Every prediction is right: no loss has anything to share out.")
            return
        one = _choose(usable, "Loss", "own_rows_loss", "mse")
        two = _choose(usable, "Beside it", "own_rows_beside", "huber")
    with left:
        shown = rows_of(one, two, table.lines)
        alt = "The rows with the largest shares of the chosen loss, and their shares of another."
        st.plotly_chart(shown, config=_TOOLS, alt=alt)
    if not brought:
        st.markdown(
            "Eighty real patients, predicted by a line; in **row 50** the target's decimal point has slipped. That row "
            "is 97 % of MSE and 66 % of Huber. Of the gradient it owns 41 % under MSE, 2 % under Huber, nothing under "
            "Tukey's biweight. Now bring your own."
        )
    _told(owned, "rows")
    st.caption(_KEPT)


def _masks() -> None:
    st.markdown("## Which pixels pull?", anchors=False)
    right, left = st.columns([0.28, 0.72], gap="medium")
    with right:
        limits = f"PNG or JPEG, at most {MOST_SIDE} pixels a side; white is the object."
        files = [
            st.file_uploader(
                name, ["png", "jpg", "jpeg"], key=f"own_{key}", help=f"{limits} {words}", max_upload_size=_MEGABYTES
            )
            for key, name, words in (
                ("truth", "True mask", "Brighter than half is object."),
                ("mask", "Predicted mask", "Grey is the probability: black 0, white 1."),
            )
        ]  # fmt: skip
        try:
            if files[0] is None or files[1] is None:
                pred, truth = example_masks()
                if files[0] or files[1]:
                    st.caption("One mask is missing; this is the example.")
            else:
                truth = (read_mask(files[0].getvalue(), "true mask") >= 0.5).double()
                pred = read_mask(files[1].getvalue(), "predicted mask")
            owned, metrics = own_pixels(pred, truth)
        except ValueError as error:  # of which Unreadable is one
            st.warning(str(error))
            return
        one = _choose([each for each in owned if not each.refused], "Loss", "own_masks_loss", "combo_bce_dice")
    with left:
        shown = pixels_of(one, truth, pred)
        alt = "Each pixel's share of the gradient of the chosen loss, with both outlines."
        st.plotly_chart(shown, config=_TOOLS, alt=alt)
        if one.pulls is None:
            st.caption("This loss has no gradient here: nothing pulls.")
    if not any(files):
        st.markdown("A horse, predicted four pixels to the right and with a soft edge. Bring your own two masks.")
    _told(owned, "pixels")
    st.dataframe(
        {"Metric at 0.5": [label(each.loss.key) for each in metrics], "Value": [each.value for each in metrics]},
        hide_index=True, alt="Every metric of the thresholded prediction.",
    )  # fmt: skip
    st.caption(_KEPT)


DESKS = (Desk("rows", "Your rows", _rows), Desk("masks", "Your masks", _masks))
