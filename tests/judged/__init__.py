"""Judged rows, and the commands that score the product on them beside simple baselines."""
