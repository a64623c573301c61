"""The local cloud: SageMaker and what else the platform needs, added to an existing AWS emulator."""
