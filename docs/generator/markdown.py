"""Tables, and the marked blocks of Markdown files that hold them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

BEGIN, END = "<!-- generated: {} (make docs) -->", "<!-- end -->"
_BLOCK = re.compile(r"<!-- generated: (?P<name>[\w-]+) \(make docs\) -->\n.*?<!-- end -->", re.DOTALL)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; cells must hold no line break."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def code(words: Iterable[str]) -> str:
    """The words in code style, separated by commas."""
    return ", ".join(f"`{word}`" for word in words)


def filled(text: str, blocks: Mapping[str, str]) -> str:
    """The text with every marked block replaced by the one of its name.

    Raises:
        KeyError: a block is marked that nobody writes.
    """

    def one(found: re.Match[str]) -> str:
        name = found["name"]
        return f"{BEGIN.format(name)}\n{blocks[name]}\n{END}"

    return _BLOCK.sub(one, text)


def names(text: str) -> list[str]:
    """The names of the blocks that a text marks."""
    return [found["name"] for found in _BLOCK.finditer(text)]
