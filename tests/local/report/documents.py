"""The documents that a rehearsal leaves: run.json, the pipeline's definition, evaluation.json and report.json."""

from __future__ import annotations

from typing import Any

NAME = "sagestead-local-flight-delay"
ARN = "arn:aws:sagemaker:us-east-1:000000000000"
GROUP = f"{ARN}:model-package/{NAME}"
EXECUTION = f"{ARN}:pipeline/{NAME}/execution/aaaabbbbcccc"
MONITORED = f"{ARN}:pipeline/{NAME}-data-quality/execution/ddddeeeeffff"
RUN: dict[str, Any] = {
    "fingerprint": "0" * 64,
    "environment": "local",
    "model": "flight-delay",
    "endpoint": NAME,
    "started": "2026-11-23T12:00:00+00:00",
    "finished": "2026-11-23T12:05:00+00:00",
    "steps": [{"name": "cdk deploy", "seconds": 41.2, "detail": "9 stacks", "status": "done"}],
    "training": [{"label": "first", "execution_arn": EXECUTION}],
    "windows": [
        {
            "label": "March",
            "execution_arn": MONITORED,
            "start": "2026-11-23T12:02:00+00:00",
            "end": "2026-11-23T12:02:20+00:00",
        }
    ],
    "traffic": [{"label": "March", "rows": 3000, "errors": 0, "seconds": 17.4}],
    "deployments": [
        {
            "label": "first",
            "start": "2026-11-23T12:01:30+00:00",
            "end": "2026-11-23T12:01:40+00:00",
            "package_arn": f"{GROUP}/1",
            "requests_during": 0,
            "errors_during": 0,
        }
    ],
}

DEFINITION = {
    "Version": "2020-12-01",
    "Parameters": [],
    "Steps": [
        {"Name": "Prepare", "Type": "Processing", "Arguments": {}},
        {
            "Name": "Train",
            "Type": "Training",
            "Arguments": {"S3Uri": {"Get": "Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"}},
        },
        {"Name": "Baseline", "Type": "Processing", "DependsOn": ["Prepare"], "Arguments": {}},
        {
            "Name": "Evaluate",
            "Type": "Processing",
            "Arguments": {"Inputs": [{"Uri": {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}}]},
        },
        {
            "Name": "QualityGate",
            "Type": "Condition",
            "Arguments": {
                "Conditions": [
                    {
                        "Type": "GreaterThanOrEqualTo",
                        "LeftValue": {
                            "Std:JsonGet": {
                                "PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.evaluation"},
                                "Path": "binary_classification_metrics.auc.value",
                            }
                        },
                        "RightValue": {"Get": "Parameters.MinimumAuc"},
                    }
                ],
                "IfSteps": [
                    {
                        "Name": "Register-RegisterModel",
                        "Type": "RegisterModel",
                        "Arguments": {
                            "ModelDataUrl": {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"},
                            "Uri": {
                                "Std:Join": {"On": "/", "Values": [{"Get": "Steps.Baseline.Outputs['x'].S3Uri"}, "s"]}
                            },
                        },
                    }
                ],
                "ElseSteps": [{"Name": "Reject", "Type": "Fail", "Arguments": {"ErrorMessage": "too low"}}],
            },
        },
    ],
}

EVALUATION = {
    "dataset": {"item_count": 7642, "evaluation_time": "2026-11-23T12:01:00+00:00"},
    "binary_classification_metrics": {
        "auc": {"value": 0.6893, "standard_deviation": "NaN"},
        "accuracy": {"value": 0.781, "standard_deviation": "NaN"},
        "precision": {"value": "NaN", "standard_deviation": "NaN"},
        "receiver_operating_characteristic_curve": {
            "false_positive_rates": [0.0, 0.4, 1.0],
            "true_positive_rates": [0.0, 0.7, 1.0],
        },
    },
}

REPORT = {
    "window": {"start": "2026-11-23T12:02:00Z", "end": "2026-11-23T12:02:20Z"},
    "endpoint": NAME,
    "model": "flight-delay",
    "monitor": "data-quality",
    "model_package_arn": f"{GROUP}/1",
    "records_read": 3000,
    "records_rejected": 2,
    "records_outside_window": 0,
    "rows": 3000,
    "violations": [
        {"feature_name": "humidity", "constraint_check_type": "baseline_drift_check", "description": "too far"}
    ],
    "features": [
        {
            "name": "humidity",
            "type": "Fractional",
            "drift": 0.61,
            "threshold": 0.5,
            "violated": True,
            "checks": ["baseline_drift_check"],
            "completeness": {"baseline": 1.0, "current": 1.0},
            "baseline": {"edges": [0.0, 50.0, 100.0], "shares": [0.7, 0.3]},
            "current": {"edges": [0.0, 50.0, 100.0], "shares": [0.1, 0.9]},
        },
        {
            "name": "carrier",
            "type": "String",
            "drift": None,
            "threshold": None,
            "violated": False,
            "checks": [],
            "completeness": {"baseline": 1.0, "current": None},
            "baseline": {"categories": ["AA", "UA"], "shares": [0.4, 0.6]},
            "current": None,
        },
    ],
}
