"""Who the customers are, by which names they are known, and what they did in the shop."""
