"""The endpoint of a model: deployment guardrails, data capture, autoscaling and alarms."""
