"""One kind of question each: a skill reads the record, returns a Finding and writes nothing."""
