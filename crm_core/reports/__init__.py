"""Questions over the whole record, each answered in one read."""
