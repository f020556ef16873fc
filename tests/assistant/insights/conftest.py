"""One reader for all tests of this folder."""

import pytest

from nlp.reading.reading import Reader


@pytest.fixture(scope="session")
def reader() -> Reader:
    """The reader with the shipped lists."""
    return Reader()
