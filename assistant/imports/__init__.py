"""A shop's files become rows of the record: one module a kind, one runner for all."""
