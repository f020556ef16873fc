"""Properties that must hold whatever happens in whatever order."""
