"""The glue between stacks: events that promote models and retrain them."""
