"""Stand-ins for CDK tokens while something that is not CDK handles them."""

from __future__ import annotations


class Placeholders:
    """Hides values behind plain text that survives URI parsing and JSON, and puts them back into the result.

    The same value gets the same stand-in, and stand-ins are numbered in order of appearance, so that the same inputs
    give the same text.
    """

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def hide(self, value: str, shape: str = "{}") -> str:
        """The stand-in for `value`, set into `shape` where the reader insists on a form (an ARN, say)."""
        for stand_in, hidden in self._values.items():
            if hidden == value:
                return stand_in
        stand_in = shape.format(f"placeholder-{len(self._values):04d}")
        self._values[stand_in] = value
        return stand_in

    def hide_uri(self, uri: str) -> str:
        """The stand-in for an S3 URI, which still is one."""
        scheme = "s3://"
        return scheme + self.hide(uri.removeprefix(scheme))

    def reveal(self, text: str) -> str:
        """`text` with every value in place of its stand-in."""
        for stand_in, value in self._values.items():
            text = text.replace(stand_in, value)
        return text
