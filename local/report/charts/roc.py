"""ROC curves on one square."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from local.report.facts import Package

SIZE = 100


@dataclass(frozen=True)
class Curve:
    """One package's curve, as points of an SVG polyline on a square of SIZE units."""

    version: int | None
    auc: float | None
    points: str


def curves(packages: Sequence[Package]) -> tuple[Curve, ...]:
    """The curves of the packages that have one."""
    return tuple(
        Curve(package.version, package.metric("auc"), _points(package))
        for package in packages
        if package.roc is not None
    )


def _points(package: Package) -> str:
    assert package.roc is not None
    rates = zip(package.roc.false_positive_rates, package.roc.true_positive_rates, strict=True)
    return " ".join(f"{SIZE * false:.2f},{SIZE * (1 - true):.2f}" for false, true in rates)
