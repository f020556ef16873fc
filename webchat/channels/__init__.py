"""Channels: other clients in which shoppers write, each behind the same port."""
