"""What every service of the local cloud is made of: protocol, dispatch, state, events, background work."""
