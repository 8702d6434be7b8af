"""What is wrong with a page for those who do not see it, or use a finger or the keyboard alone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

GRAVE = ("serious", "critical")
FINGER, PART = 44, 24  # px: the least that a control offers, and what a small part inside of one does

# Streamlit's own list of pages on a phone, out of sight, has links where lists should be. A figure is one picture to
# those who do not see it, and has its own tests of colours.
_NOT = [['[data-testid="stSidebar"]'], [".stage-plot"]]
# Everything in sight that is pressed, but for words of a sentence; some have the size of their label or their field.
_SMALL = """([finger, part]) => {
  const main = document.querySelector('[data-testid=stMain]');
  const fields = '[data-testid=stMultiSelect], [data-testid=stSelectbox], [data-testid=stTooltipHoverTarget]';
  const field = '[data-testid=stSelectbox] > div, [data-testid=stMultiSelect] > div, [data-testid=stCheckbox] label';
  const pressed = 'a[href], button, summary, input:not([type=range], [type=file]), textarea';
  return [...main.querySelectorAll(pressed), ...document.querySelectorAll('[role=menuitem]')]
    .filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.closest('p, li, td'))
    .map(e => [e, (e.closest('button, a, summary') ? e : e.closest(field) || e).getBoundingClientRect()])
    .map(([e, box]) => [e, box, e.closest(fields) && e.matches('button') ? part : finger])
    .filter(([_, box, least]) => Math.min(box.width, box.height) < least - .5)
    .map(([e, box]) => `${Math.round(box.width)} x ${Math.round(box.height)} px: ${e.outerHTML.slice(0, 200)}`);
}"""


def unfold(visitor: Visitor) -> None:
    """Open all that is folded away in the page, which then opens at once."""
    visitor.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    folded = visitor.page.locator("[data-testid=stMain] details:not([open])")
    folded.evaluate_all("all => all.forEach(one => one.querySelector('summary').click())")
    expect(folded).to_have_count(0)


def audit(visitor: Visitor, *, dark: bool = True) -> None:
    """Nothing serious in light, nor, where that is asked, in the dark, where only colours are others."""
    only = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}}
    for scheme, options in [("light", {"resultTypes": ["violations"]}), ("dark", only)][: 1 + dark]:
        # Without motion, so that nothing is judged while it fades, such as the ends of a slider that had the focus.
        visitor.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        visitor.page.wait_for_function(
            "dark => getComputedStyle(document.querySelector('.stApp')).backgroundColor.includes('255') !== dark",
            arg=scheme == "dark",
        )
        found = Axe().run(visitor.page, {"exclude": _NOT}, options).response["violations"]
        grave = [rule for rule in found if rule["impact"] in GRAVE]
        named = [f"{scheme}: {rule['id']} {node['html'][:200]}" for rule in grave for node in rule["nodes"]]
        assert not named, "\n".join(named)


def within_a_finger_s_reach(visitor: Visitor) -> None:
    """Nothing in sight is too small for a finger."""
    small = visitor.page.evaluate(_SMALL, [FINGER, PART])
    assert not small, "\n".join(small)
