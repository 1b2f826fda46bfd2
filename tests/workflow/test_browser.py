"""The page in a real browser: what a reader does with it, by mouse, by keyboard, and on paper."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.browser import CHROMIUM, Browser
from helpers.checkout import ROOT

pytestmark = [
    pytest.mark.workflow,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser: on Debian, apt install chromium"),
]

AXE = (ROOT / "tests/data/axe/axe.min.js").read_text(encoding="utf-8")
SHEET = round((210 - 2 * 12) / 25.4 * 96)  # width of A4 without its margins, in pixels
SIZES = [(1400, 900), (390, 844)]
# Lists what is wrong in a form that a failed test can print.
VIOLATIONS = """
axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations.map(one =>
  [one.id, one.nodes.slice(0, 4).map(node => node.target.join(" ") + ": " + node.failureSummary)]))
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    started = Browser(tmp_path_factory.mktemp("profile"))
    yield started
    started.close()


@pytest.fixture
def page(browser: Browser, finished) -> Browser:
    """The page in a large window and in daylight; reading it causes no error and no request."""
    browser.show(1400, 900)
    browser.open(address(finished))
    yield browser
    assert problems(browser) == []


def address(finished) -> str:
    return (finished.folder / "results/index.html").as_uri()


def problems(browser: Browser) -> list[str]:
    """Errors, messages of the console, and requests beside that for the page itself."""
    bad = ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")
    found = [json.dumps(one["params"]) for one in browser.events if one["method"] in bad]
    asked = [
        one["params"]["request"]["url"]
        for one in browser.events
        if one["method"] == "Network.requestWillBeSent"
    ]
    return found + [url for url in asked[1:] if not url.startswith("data:")]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nobody_is_left_out(page, finished, width, height, theme):
    page.show(width, height, theme)
    page.open(address(finished))
    page.run("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.run(AXE + "; 0")
    assert page.run(VIOLATIONS) == []
    assert page.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "height", "limit"), [(1280, 800, 600), (390, 844, 900)])
def test_the_first_table_is_at_the_top(page, finished, width, height, limit):
    page.show(width, height)
    page.open(address(finished))
    assert page.run("document.querySelector('table').getBoundingClientRect().top") < limit


def test_the_comparison_fits_and_its_first_column_stays(page, finished):
    fits = (
        "[...document.querySelectorAll('table.comparison')]"
        ".every(one => one.parentElement.scrollWidth <= one.parentElement.clientWidth)"
    )
    page.show(1280, 800)
    page.open(address(finished))
    assert page.run(fits)
    page.show(390, 844)
    page.open(address(finished))
    assert not page.run(fits)
    moved = """(() => {
      const table = document.querySelector("table.comparison");
      const heading = table.tBodies[0].rows[0].cells[0];
      const before = heading.getBoundingClientRect().left;
      table.parentElement.scrollLeft = 200;
      return [table.parentElement.scrollLeft, heading.getBoundingClientRect().left - before];
    })()"""
    assert page.run(moved) == [200, 0]


def test_pictures_are_legible_on_a_telephone(page, finished):
    """They keep a size at which their text can be read, and scroll within their frames.

    8.5 points is the smallest text of figures; names in first columns of tables are no columns of
    letters.
    """
    smallest = """Math.min(...[...document.querySelectorAll("figure .picture svg")]
      .filter(one => one.checkVisibility())
      .map(one => one.getBoundingClientRect().width
        / parseFloat(one.style.getPropertyValue("--width")) * 8.5 * 96 / 72))"""
    scrolls = (
        "[...document.querySelectorAll('figure .picture')]"
        ".some(one => one.scrollWidth > one.clientWidth)"
    )
    page.show(390, 844)
    page.open(address(finished))
    assert page.run(smallest) > 9
    assert page.run(scrolls)
    narrow = (
        "[...document.querySelectorAll('tbody th:first-child')].filter(one => one.offsetParent)"
    )
    assert page.run(f"Math.min(...{narrow}.map(one => one.offsetWidth))") > 90
    assert page.run("document.documentElement.scrollWidth") <= 390
    page.show(1400, 900)
    page.open(address(finished))
    assert not page.run(scrolls)


def column(page: Browser, place: int) -> list[str]:
    return page.run(
        "[...document.querySelector('table.comparison').tBodies[0].rows]"
        f".map(row => row.cells[{place}])"
        ".map(cell => (cell.querySelector('.value, a') || cell).textContent)"
    )


def test_tables_sort(page):
    columns = page.run(
        "[...document.querySelector('table.comparison').tHead.rows[0].cells]"
        ".map(one => one.dataset.column)"
    )
    place = columns.index("auc_mean")
    heading = f"table.comparison th:nth-child({place + 1})"
    before = column(page, place)
    page.click(f"{heading} button")
    assert column(page, place) == sorted(before, key=float, reverse=True)
    # The keyboard does the same, the other way round.
    page.run(f"document.querySelector('{heading} button').focus()")
    page.press("Enter")
    assert column(page, place) == sorted(before, key=float)
    assert page.run(f"document.querySelector('{heading}').ariaSort") == "ascending"
    assert "sorted by AUC" in page.run("document.getElementById('told').textContent")
    page.click("table.comparison th:first-child button")
    assert column(page, 0) == sorted(column(page, 0))
    assert page.run("document.querySelectorAll('table.comparison th[aria-sort]').length") == 1


def shown(page: Browser, attribute: str) -> set[str]:
    return set(
        page.run(
            f"[...document.querySelectorAll('#cosine table.comparison [{attribute}]')]"
            f".filter(one => one.offsetParent).map(one => one.getAttribute('{attribute}'))"
        )
    )


@pytest.mark.parametrize("kind", ["sample", "model"])
def test_samples_and_models_filter(page, finished, tmp_path, kind):
    # One model is said to be of another sample, because the small demo has a single one.
    text = Path(finished.folder / "results/index.html").read_text(encoding="utf-8")
    row = 'data-model="energy_only" data-sample='
    assert f'{row}"crystal3"' in text
    changed = tmp_path / "index.html"
    changed.write_text(text.replace(f'{row}"crystal3"', f'{row}"other"'), encoding="utf-8")
    page.open(changed.as_uri())
    attribute, title = f"data-{kind}", f"{kind.capitalize()}s"
    everything = shown(page, attribute)
    assert len(everything) > 1
    group = f'#cosine .filter [aria-label="{title}"]'
    name = "other" if kind == "sample" else "energy_only"
    names = page.run(
        f"[...document.querySelectorAll('{group} button')].map(one => one.textContent)"
    )
    button = f"{group} button:nth-of-type({names.index(name) + 1})"
    page.click(button)
    assert shown(page, attribute) == everything - {name}
    assert page.run(f"document.querySelector('{button}').ariaPressed") == "false"
    page.run(f"document.querySelector('{button}').focus()")
    page.press(" ")
    assert shown(page, attribute) == everything


def is_large(page: Browser) -> bool:
    return page.run("document.getElementById('zoom').open")


def test_pictures_enlarge_by_mouse_and_by_keyboard(page):
    figure = "figure.statistics"
    width = f"document.querySelector('{figure} .picture').offsetWidth"
    before, held = (
        page.run(width),
        page.run(f"document.querySelector('{figure} .picture').innerHTML"),
    )
    page.click(f"{figure} .picture")
    assert is_large(page)
    assert page.run("document.querySelector('#zoom .picture').offsetWidth") > 1.1 * before
    assert page.run("document.getElementById('zoom-title').textContent") != ""
    page.click("#zoom-close")
    assert not is_large(page)
    page.run(f"document.querySelector('{figure} .enlarge').focus()")
    page.press("Enter")
    assert is_large(page)
    page.press("Escape")
    assert not is_large(page)
    assert page.run(f"document.activeElement === document.querySelector('{figure} .enlarge')")
    assert page.run(f"document.querySelector('{figure} .picture').innerHTML") == held


def test_anchors_open_folds(page, finished):
    name = page.run("document.querySelector('details.model').id")
    fold = f"document.getElementById('{name}')"
    assert not page.run(f"{fold}.open")
    link = f'table.comparison a[href="#{name}"]'
    page.click(link)
    assert page.run(f"{fold}.open")
    # Closed by hand, it opens again, although the address does not change.
    page.run(f"{fold}.open = false")
    page.click(link)
    assert page.run(f"{fold}.open")
    page.open("about:blank")
    page.open(f"{address(finished)}#{name}")
    assert page.run(f"{fold}.open")


def test_one_button_opens_and_closes_all_folds(page):
    state = "[...document.querySelectorAll('details')].map(one => one.open)"
    page.click("#open-all")
    assert all(page.run(state))
    page.click("#open-all")
    assert not any(page.run(state))


def test_a_printed_page_has_every_column_on_the_sheet(page):
    state = "[...document.querySelectorAll('details')].map(one => one.open)"
    page.run(f"addEventListener('beforeprint', () => {{ window.printed = {state}; }})")
    assert page.pdf().startswith(b"%PDF")
    assert all(page.run("window.printed"))
    assert not any(page.run(state))
    page.show(SHEET, 1000, media="print")
    page.run("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    outside = page.run(
        "[...document.querySelectorAll('main th, main td, main pre, main svg')]"
        f".filter(one => one.getBoundingClientRect().right > {SHEET} + 1)"
        ".map(one => one.closest('.scroll')?.ariaLabel + ': ' + one.textContent.slice(0, 40))"
    )
    assert outside == []


def test_without_scripts_everything_is_there(browser, finished):
    browser.show(1400, 900)
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(address(finished))
        root = browser.send("DOM.getDocument", depth=1)["root"]["nodeId"]
        for selector, least in (("table.comparison tbody tr", 2), ("figure a", 4), ("details", 4)):
            found = browser.send("DOM.querySelectorAll", nodeId=root, selector=selector)
            assert len(found["nodeIds"]) >= least
        assert (
            browser.send("DOM.querySelectorAll", nodeId=root, selector=".scripted")["nodeIds"] == []
        )
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", value=False)


def test_own_scripts_are_short_and_the_page_is_small(finished):
    script = ROOT / "scripts/runsieve/reports/page/page.js"
    assert len(script.read_text().splitlines()) < 300
    assert Path(finished.folder / "results/index.html").stat().st_size < 2_000_000
