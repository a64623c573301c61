"""The models of this platform, one folder each."""
