"""The report page: what is on the cloud after a rehearsal, collected through the AWS APIs and drawn on one page."""
