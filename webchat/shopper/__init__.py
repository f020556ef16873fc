"""What a shopper can reach."""
