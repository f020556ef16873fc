"""What one session's words tell us: signals with evidence, and an overview of a whole log of sessions."""
