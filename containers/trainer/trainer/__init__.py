"""The trainer container: prepares data, trains and evaluates XGBoost models under SageMaker's /opt/ml contract."""
