"""What is still to be done, written in the transaction that causes it."""
