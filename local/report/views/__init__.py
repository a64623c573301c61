"""What each section of the page draws: facts and geometry, put together for the templates."""
