"""Two executions of the training pipeline, and the packages that they registered."""

from __future__ import annotations

from local.report.facts import Execution, GraphStep, Package, RocCurve, StepRun
from tests.local.report.course import EXECUTION, GROUP, at, begin

GRAPH = (
    GraphStep("Prepare", "Processing"),
    GraphStep("Train", "Training", ("Prepare",)),
    GraphStep("Baseline", "Processing", ("Prepare",)),
    GraphStep("Evaluate", "Processing", ("Prepare", "Train")),
    GraphStep("QualityGate", "Condition", ("Evaluate",)),
    GraphStep("Register-RegisterModel", "RegisterModel", ("QualityGate", "Train", "Evaluate", "Baseline"), "if"),
    GraphStep("Reject", "Fail", ("QualityGate",), "else"),
)


def execution(label: str, name: str, start: float, cached: tuple[str, ...]) -> Execution:
    times = {
        "Prepare": (0.3, 14.2),
        "Train": (14.6, 27.9),
        "Baseline": (14.6, 20.1),
        "Evaluate": (28.2, 35.8),
        "QualityGate": (36.0, 36.1),
        "Register-RegisterModel": (36.3, 36.6),
    }
    steps = [
        StepRun(
            step,
            "Succeeded",
            at(start + first),
            at(start + (first + 0.05 if step in cached else last)),
            cached=step in cached,
        )
        for step, (first, last) in times.items()
    ]
    parameters = (
        ("RawDataUri", "s3://raw/flight-delay/"),
        ("DataVersion", "landed-3f61a20c94de" if label == "first" else "2026-11-23T14:04:43.000Z"),
        ("TrainingDays", "59"),
        ("MinimumAuc", "0.62"),
    )
    return Execution(label, f"{EXECUTION}/{name}", "Succeeded", at(start), at(start + 37), tuple(steps), parameters)


def packages() -> tuple[Package, ...]:
    return tuple(
        Package(
            f"{GROUP}/{version}",
            version,
            "Approved",
            at(created),
            data_version=data,
            training_days="59",
            metrics=(
                ("auc", auc),
                ("accuracy", 0.79 - 0.01 * version),
                ("precision", 0.61),
                ("recall", 0.22 + 0.05 * version),
                ("f1", 0.34 + 0.03 * version),
                ("brier", 0.151),
            ),
            test_rows=7642 + 391 * version,
            roc=_roc(auc),
        )
        for version, auc, created, data in (
            (1, 0.689, begin("Train on January and February") + 37, "landed-3f61a20c94de"),
            (2, 0.741, begin("Drift alarm starts a retraining") + 41, "2026-11-23T14:04:43.000Z"),
        )
    )


def _roc(auc: float) -> RocCurve:
    # The curve y = x ** p has the area 1 / (p + 1).
    rates = [index / 60 for index in range(61)]
    return RocCurve(tuple(rates), tuple(rate ** (1 / auc - 1) for rate in rates))
