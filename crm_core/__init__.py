"""The record: who the customers are, what they bought, what was said. This room knows no other room."""
