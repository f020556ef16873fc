"""What the shop knows: articles in, citable passages and a verdict out. This room looks only at nlp."""
