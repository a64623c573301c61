"""SageMaker Pipelines: the deployed definition, interpreted step by step."""
