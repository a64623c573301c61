"""Deploys a model package when it is approved, by updating its serving stack."""
