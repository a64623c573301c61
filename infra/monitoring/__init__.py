"""What watches a model: its data-quality monitor, alarms and dashboard."""
