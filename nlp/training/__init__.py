"""How the shipped weights are made; the running house never imports this."""
