"""The Lambda functions that act between the stacks: approval to deployment, drift to retraining."""
