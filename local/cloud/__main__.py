"""`python -m local.cloud`: start the local cloud."""

from local.cloud.server import main

main()
