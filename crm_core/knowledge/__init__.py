"""What the shop says is true, as rows; knowledge_base searches it."""
