"""The page as HTML."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from local.report import page
from local.report.facts import Gap, GraphStep, Stack
from tests.local.report.facts import empty, facts, troubled

VOID = {"meta", "link", "br", "wbr"}


class Outline(HTMLParser):
    """Ids, references and open elements of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.references: set[str] = set()
        self.open: list[str] = []
        self.crossed: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(dict(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)

    def _note(self, attrs: dict[str, str | None]) -> None:
        if attrs.get("id"):
            self.ids[str(attrs["id"])] += 1
        self.references |= set((attrs.get("aria-labelledby") or "").split())
        if (attrs.get("href") or "").startswith("#"):
            self.references.add(str(attrs["href"])[1:])


@pytest.fixture(scope="module")
def html() -> str:
    return page.render(facts())


@pytest.mark.parametrize("make", [facts, empty, troubled])
def test_elements_are_closed_ids_are_unique_and_references_lead_somewhere(make) -> None:
    outline = Outline(page.render(make()))
    assert outline.open == []
    assert outline.crossed == []
    assert [name for name, count in outline.ids.items() if count > 1] == []
    assert outline.references - outline.ids.keys() == set()


def test_the_same_facts_make_the_same_page(html) -> None:
    assert page.render(facts()) == html


def test_nothing_is_loaded_from_anywhere(html) -> None:
    outside = re.findall(r"""(?:src|href|action|data)\s*=\s*["']?(?!#|data:)[^"'\s>]+|url\((?!#)|@import""", html)
    assert outside == []


def test_only_the_pages_own_script_may_run(html) -> None:
    assert html.count("<script>") == 1
    assert f"script-src '{page.script_hash()}'" in html.replace("&#39;", "'")


def test_the_header_tells_where_and_when_this_is(html) -> None:
    for text in ("flight-delay on local", "000000000000", "us-east-1", "2026-11-23 14:02:07 UTC", "All is well"):
        assert text in html


def test_every_part_is_on_the_page(html) -> None:
    for text in ("sagestead-local-flight-delay-serving", "x8k2mq0vt1ab", "p03hd77lz4wy", "Succeeded, cached", "0.741"):
        assert text in html
    for text in ("598 requests meanwhile", "1 to 2 instances", "data-quality-drift", "Canary under traffic"):
        assert text in html
    assert "Baseline drift distance: 0.9502 exceeds threshold: 0.5" in html


def test_each_feature_has_a_picture_of_each_window(html) -> None:
    assert html.count('class="histogram') == 8 * 3
    assert html.count('class="dag"') == 2


def test_every_picture_has_a_title_and_a_description(html) -> None:
    pictures = re.findall(r'<svg[^>]*role="img"[^>]*>\s*(<title.*?</title>)?\s*(<desc.*?</desc>)?', html, re.S)
    assert len(pictures) > 30
    assert all(title and desc for title, desc in pictures)


def test_numbers_bear_their_units(html) -> None:
    for text in ("2.91 ms", "9.64 ms", "4 min 09 s", "100 % of the requests", "59 days", "172/s"):
        assert text in html


def test_an_empty_environment_says_no_data_yet_in_every_section() -> None:
    html = page.render(empty())
    for section in html.split("<section ")[1:]:
        assert "no data yet" in section


def test_texts_from_the_cloud_are_escaped() -> None:
    html = page.render(troubled())
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_what_could_not_be_read_is_told() -> None:
    html = page.render(replace(facts(), gaps=(Gap("the alarms", "ClientError: <denied>"),)))
    assert "What could not be read" in html
    assert "ClientError: &lt;denied&gt;" in html
    assert "What could not be read" not in page.render(facts())


def test_a_graph_that_cannot_be_drawn_leaves_the_steps_in_the_table() -> None:
    circle = (GraphStep("Prepare", "Processing", ("Train",)), GraphStep("Train", "Training", ("Prepare",)))
    html = page.render(replace(facts(), graph=circle))
    assert "The graph: no data yet" in html
    assert "Register-RegisterModel" in html


def test_stacks_of_unknown_size_are_not_counted() -> None:
    html = page.render(replace(facts(), stacks=(Stack("a", "CREATE_COMPLETE", 3), Stack("b", "CREATE_COMPLETE"))))
    assert re.search(r'class="number">3</td><td></td></tr></tfoot>', html)
