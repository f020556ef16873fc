"""The demo shop: its files, written for this product, and how it opens."""
