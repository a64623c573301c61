"""Serves a trained model under SageMaker's hosting contract: GET /ping and POST /invocations."""
