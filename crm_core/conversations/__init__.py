"""What was said: one gapless, append-only log of events per conversation."""
