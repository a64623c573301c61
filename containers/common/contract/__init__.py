"""What every container of the platform shares: SageMaker's /opt/ml contract and the models' feature encoding."""
