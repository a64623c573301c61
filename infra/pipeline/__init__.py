"""The training pipeline of a model: its definition, its execution role and its schedule."""
