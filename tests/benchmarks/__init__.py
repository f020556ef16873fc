"""Figures, never assertions: `make bench` prints each beside a named peer of the same run."""
