"""Starts a model's training pipeline when its drift alarm goes off."""
