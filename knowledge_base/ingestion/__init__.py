"""A file becomes articles or rows, with a list of what was refused and why."""
