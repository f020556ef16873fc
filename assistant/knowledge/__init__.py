"""The knowledge looked after: golden cases, publishing, gaps, cuts, conflicts."""
