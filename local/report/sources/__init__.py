"""Readers of the cloud, one per concept: AWS answers in, facts out."""
