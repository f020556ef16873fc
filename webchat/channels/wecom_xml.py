"""The few fields of a 企业微信 callback, read by a parser that takes no document type and no entity of its own."""

from xml.parsers import expat

LONGEST = 64 * 1024
DEEPEST = 4


class NotXml(Exception):
    """Not a flat document of fields."""


def fields_of(text: str) -> dict[str, str]:
    """The fields directly under the root, by name. Raises NotXml; document types are refused with all their tricks."""
    if len(text) > LONGEST:
        raise NotXml("too long")
    found: dict[str, str] = {}
    path: list[str] = []

    def start(name: str, _: dict[str, str]) -> None:
        if len(path) >= DEEPEST:
            raise NotXml("too deep")
        path.append(name)
        if len(path) == 2:
            found.setdefault(name, "")

    def end(_: str) -> None:
        path.pop()

    def characters(data: str) -> None:
        if len(path) == 2:
            found[path[1]] += data

    def refuse(*_: object) -> None:
        raise NotXml("a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise NotXml(str(error)) from None
    return {name: value.strip() for name, value in found.items()}
