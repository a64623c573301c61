"""CloudFormation resource types that the emulator lacks, as thin adapters over the services' own operations."""
