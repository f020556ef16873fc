"""What people at work can reach."""
