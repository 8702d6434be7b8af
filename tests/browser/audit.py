"""What axe finds wrong with a page for those who do not see it, or do not use a mouse."""

from axe_playwright_python.sync_playwright import Axe

from tests.browser.visitor import Visitor

GRAVE = ("serious", "critical")


def audit(visitor: Visitor) -> None:
    """Nothing serious in light, nor in the dark, where only colours are others."""
    only = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}}
    for scheme, options in (("light", {"resultTypes": ["violations"]}), ("dark", only)):
        # Without motion, so that nothing is judged while it fades, such as the ends of a slider that had the focus.
        visitor.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        visitor.page.wait_for_function(
            "dark => getComputedStyle(document.querySelector('.stApp')).backgroundColor.includes('255') !== dark",
            arg=scheme == "dark",
        )
        # Streamlit's own list of pages on a phone, out of sight, has links where lists should be.
        found = Axe().run(visitor.page, {"exclude": [['[data-testid="stSidebar"]']]}, options).response["violations"]
        grave = [rule for rule in found if rule["impact"] in GRAVE]
        named = [f"{scheme}: {rule['id']} {node['html'][:200]}" for rule in grave for node in rule["nodes"]]
        assert not named, "\n".join(named)
    visitor.page.emulate_media(color_scheme="light", reduced_motion="no-preference")
