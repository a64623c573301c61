"""Contrast of the page's colours, as WCAG 2 measures it."""

from __future__ import annotations

import re

import pytest

from local.report.page import TEMPLATES

CSS = (TEMPLATES / "style.css").read_text()
COLOURS = dict(re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", CSS))
TEXT = [("text", "page"), ("text", "card"), ("text", "inset"), ("muted", "page"), ("muted", "card"), ("muted", "inset")]
TEXT += [("accent", "page"), ("accent", "card"), ("card", "accent"), ("muted", "idle-soft"), ("bad", "card")]
TEXT += [("text", f"{tone}-soft") for tone in ("good", "bad", "busy", "idle")]
TEXT += [("muted", f"{tone}-soft") for tone in ("good", "bad", "busy")]
TEXT += [(tone, f"{tone}-soft") for tone in ("good", "bad", "busy", "idle")]
GRAPHICS = [(colour, "card") for colour in ("now", "second", "over", "base", "good", "bad", "accent")]


def contrast(first: str, second: str, theme: int) -> float:
    """The contrast ratio of two of the page's colours. Source: WCAG 2.2, "relative luminance"."""
    lighter, darker = sorted((luminance(first, theme), luminance(second, theme)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(name: str, theme: int) -> float:
    code = COLOURS[name].split(", ")[theme]
    channels = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "background"), TEXT)
def test_text_stands_out_from_its_background(text, background, theme) -> None:
    assert contrast(text, background, theme) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("colour", "background"), GRAPHICS)
def test_what_is_drawn_stands_out_from_its_card(colour, background, theme) -> None:
    assert contrast(colour, background, theme) >= 3
