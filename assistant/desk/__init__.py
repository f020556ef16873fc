"""People: who serves whom, and what passes between them and the bot."""
