"""What the Lambda functions share: events, settings, errors, AWS clients, batches, metrics."""
