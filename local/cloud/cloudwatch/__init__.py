"""CloudWatch alarms evaluated as CloudWatch documents it: dimensions, periods, M of N, missing data, metric math."""
