"""One message becomes one Reading."""
