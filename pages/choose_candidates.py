"""The losses that are left: why, at what price, where it can be seen, the lines to copy; and all rules as a table."""

from collections.abc import Sequence

import streamlit as st

import losscore
from losscore.choices import Question, Rule, tasks
from losscore.figures.labels import label

_ORDER = ("First choice", "Or", "Or else")


def candidates(rules: list[Rule]) -> None:
    """Two or three cards beside each other."""
    st.markdown("## What is left", anchors=False)
    for place, (column, rule) in enumerate(zip(st.columns(len(rules)), rules, strict=True)):
        with column, st.container(border=True, height="stretch"):
            _card(_ORDER[place], rule)


def _card(order: str, rule: Rule) -> None:
    from pages.table import placed  # the table names this page too

    loss, (where, query) = losscore.get(rule.loss), placed(rule.see)
    st.caption(order)
    st.markdown(f"### {label(rule.loss)}", anchors=False)
    st.markdown(rule.why)
    st.markdown(f"**The price.** {rule.price}")
    st.page_link(where.streamlit(), label=f"See it live: {where.title}", icon=where.icon, query_params=query)
    with st.expander("PyTorch, to copy"):
        st.code(loss.snippet(), language="python")
    st.caption(f"Source of this advice: {rule.source}.")


def table_of_rules() -> None:
    """Every rule of every task, to be read, searched and taken away."""
    with st.expander("All rules"):
        rows = [
            {
                "Task": task.title,
                "If": ", ".join(_conditions(task.questions, rule)) or "always",
                "Loss": label(rule.loss), "Why": rule.why, "Price": rule.price, "Source": rule.source,
            }
            for task in tasks().values()
            for rule in task.rules
        ]  # fmt: skip
        st.dataframe(rows, hide_index=True, alt="All rules: task, condition, loss, why, price and source.")


def _conditions(questions: Sequence[Question], rule: Rule) -> list[str]:
    return [
        f"{question.name.lower()}: {' or '.join(question.answers[a].lower() for a in rule.when[question.key])}"
        for question in questions
        if question.key in rule.when
    ]
