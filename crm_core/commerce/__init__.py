"""What is sold, what was bought, and where the parcels are."""
