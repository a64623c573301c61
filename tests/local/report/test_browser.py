"""The page in headless Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from local.report import page
from tests.local.report.facts import empty, facts, troubled

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
THEMES, WIDTHS = ("light", "dark"), (1280, 390)
# What reaches over the right edge although it is in no part that scrolls by itself.
OVERFLOW = """() => [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, nav ul, svg'))
    .map(e => e.outerHTML.slice(0, 80))"""
# Texts of one picture that cover each other.
OVERLAPS = """() => [...document.querySelectorAll('svg[role=img]')].flatMap(svg => {
    const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()])
        .filter(([, b]) => b.width > 0);
    return boxes.flatMap(([a, p], i) => boxes.slice(i + 1)
        .filter(([, q]) => p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom)
        .map(([b]) => svg.querySelector('title').textContent + ': ' + a + ' / ' + b)); })"""
SMALL = """() => [...document.querySelectorAll('svg[role=img]')].filter(e => {
    const box = e.getBoundingClientRect(); return box.width < 40 || box.height < 15; })
    .map(e => e.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    assert CHROMIUM.exists(), f"these tests need Debian's chromium at {CHROMIUM}: apt-get install chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("report")
    for name, make in (("facts", facts), ("empty", empty), ("troubled", troubled)):
        (made / f"{name}.html").write_text(page.render(make()))
    return made


@pytest.fixture
def visit(browser, folder) -> Iterator[Any]:
    contexts = []

    def visit(name: str, theme: str, width: int) -> tuple[Any, list[str]]:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        contexts.append(context)
        shown, complaints = context.new_page(), []
        shown.on("console", lambda message: complaints.append(message.text))
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
        shown.on("request", partial(_note, complaints, folder.as_uri()))
        shown.goto((folder / f"{name}.html").as_uri())
        return shown, complaints

    yield visit
    for context in contexts:
        context.close()


def _note(complaints: list[str], home: str, request: Any) -> None:
    if not request.url.startswith((home, "data:")):
        complaints.append(f"external: {request.url}")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["facts", "empty", "troubled"])
def test_the_page_fits_asks_for_nothing_and_complains_of_nothing(visit, folder, name, theme, width) -> None:
    shown, complaints = visit(name, theme, width)
    assert shown.evaluate("document.documentElement.scrollWidth") == width
    assert shown.evaluate(OVERFLOW) == []
    assert shown.evaluate(SMALL) == []
    assert shown.evaluate(OVERLAPS) == []
    shown.screenshot(path=folder / f"{name}-{theme}-{width}.png", full_page=True)
    assert complaints == []


def test_all_pictures_are_there(visit) -> None:
    shown, _ = visit("facts", "light", 1280)
    counts = {css: shown.locator(css).count() for css in (".dag", ".plot.picture", ".roc", ".histogram", ".states")}
    assert counts == {".dag": 2, ".plot.picture": 3, ".roc": 1, ".histogram": 24, ".states": 4}


def test_the_toggle_changes_the_theme_and_says_what_it_does_next(visit) -> None:
    shown, complaints = visit("facts", "light", 1280)
    background = "getComputedStyle(document.body).backgroundColor"
    light, button = shown.evaluate(background), shown.get_by_role("button", name="Switch to the dark theme")
    button.click()
    dark = shown.evaluate(background)
    assert light != dark
    assert shown.locator("html").get_attribute("data-theme") == "dark"
    shown.get_by_role("button", name="Switch to the light theme").click()
    assert shown.evaluate(background) == light
    assert complaints == []


def test_the_system_theme_is_taken_until_one_is_chosen_and_the_choice_is_kept(visit) -> None:
    shown, _ = visit("facts", "dark", 1280)
    background = "getComputedStyle(document.body).backgroundColor"
    dark = shown.evaluate(background)
    shown.get_by_role("button", name="Switch to the light theme").click()
    light = shown.evaluate(background)
    shown.reload()
    assert shown.evaluate(background) == light != dark


def test_the_page_has_landmarks_one_first_heading_and_labelled_sections(visit) -> None:
    shown, _ = visit("facts", "light", 1280)
    for role in ("banner", "main", "navigation", "contentinfo"):
        assert shown.get_by_role(role).count() == 1
    assert shown.get_by_role("heading", level=1).count() == 1
    assert shown.get_by_role("region", name="Alarms", exact=True).count() == 1


def test_without_scripts_all_is_shown_but_the_toggle(browser, folder) -> None:
    context = browser.new_context(java_script_enabled=False)
    shown = context.new_page()
    shown.goto((folder / "facts.html").as_uri())
    assert not shown.locator("#theme").is_visible()
    assert shown.locator(".histogram").first.is_visible()
    context.close()
