"""How personal fields are kept: sealed at rest, findable only by keyed hash."""
