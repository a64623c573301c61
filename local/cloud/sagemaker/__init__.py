"""SageMaker AI: control plane, jobs that really run, endpoints that really serve, feature store."""
