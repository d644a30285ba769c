"""The schema of each message, made from the classes of pyiso20022, which were generated from the official schemas.

The library has the classes and not the schemas; its own reading takes half a millisecond a transaction. Turned back
into a schema they hold a file of ten thousand transactions to every rule in a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from lxml import etree
from xsdata.models.datatype import XmlDate, XmlDateTime, XmlTime

XS: Final = "http://www.w3.org/2001/XMLSchema"
PLAIN: Final = {
    str: "string",
    bool: "boolean",
    int: "integer",
    Decimal: "decimal",
    XmlDate: "date",
    XmlDateTime: "dateTime",
    XmlTime: "time",
    bytes: "base64Binary",
}
FACETS: Final = {
    "min_length": "minLength",
    "max_length": "maxLength",
    "length": "length",
    "pattern": "pattern",
    "min_inclusive": "minInclusive",
    "total_digits": "totalDigits",
    "fraction_digits": "fractionDigits",
}


def document_class(message: str) -> Any:
    """The library's class for a message such as "camt.054.001.08"."""
    area, rest = message.split(".", 1)
    return import_module(f"pyiso20022.{area}.{area}_{rest.replace('.', '_')}").Document


@lru_cache(maxsize=16)
def schema_of(message: str, namespace: str) -> Any:
    """The compiled schema; `namespace` is the message's own, or that of a national profile with the same elements."""
    return etree.XMLSchema(schema_text(document_class(message), namespace))


def schema_text(document: Any, namespace: str) -> Any:
    """The schema as an element tree: one named type for each class that the document reaches."""
    root = etree.Element(
        f"{{{XS}}}schema", nsmap={"xs": XS, "m": namespace}, targetNamespace=namespace, elementFormDefault="qualified"
    )
    _add(root, "element", name="Document", type=f"m:{document.__name__}")
    waiting, known = [document], {document}
    while waiting:
        one = waiting.pop()
        for found in _write_enum(root, one) if issubclass(one, Enum) else _write_class(root, one):
            if found not in known:
                known.add(found)
                waiting.append(found)
    return root


def _write_enum(root: Any, one: type[Enum]) -> Iterator[type]:
    simple = _add(root, "simpleType", name=one.__name__)
    within = _add(simple, "restriction", base="xs:string")
    for member in one:
        _add(within, "enumeration", value=str(member.value))
    yield from ()


def _write_class(root: Any, one: type) -> Iterator[type]:
    """A class with a value of its own is text with attributes; the others are groups of elements."""
    if not is_dataclass(one):
        raise TypeError(one)
    hints = get_type_hints(one)
    own = [field for field in fields(one) if "type" not in field.metadata]
    if own:
        name = f"{one.__name__}_text"
        yield from _simple(_add(root, "simpleType", name=name), hints[own[0].name], own[0])
        complex_type = _add(root, "complexType", name=one.__name__)
        holder = _add(_add(complex_type, "simpleContent"), "extension", base=f"m:{name}")
    else:
        complex_type = _add(root, "complexType", name=one.__name__)
        holder = complex_type
        group = _add(complex_type, "choice" if one.__name__.endswith("Choice") else "sequence")
        for field in fields(one):
            if field.metadata.get("type") == "Element":
                yield from _element(group, field, hints[field.name])
            elif field.metadata.get("type") == "Wildcard":
                _add(group, "any", namespace="##any", processContents="lax")
    for field in fields(one):
        if field.metadata.get("type") == "Attribute":
            attribute = _add(holder, "attribute", name=field.metadata["name"])
            attribute.set("use", "required" if field.metadata.get("required") else "optional")
            yield from _simple(_add(attribute, "simpleType"), hints[field.name], field)


def _element(group: Any, field: Field[Any], hint: Any) -> Iterator[type]:
    kind, many = _kind(hint)
    element = _add(group, "element", name=field.metadata["name"])
    if group.tag.endswith("sequence"):
        needed = field.metadata.get("required") or field.metadata.get("min_occurs", 0) or _has_no_default(field)
        element.set("minOccurs", str(max(int(needed), 0)))
    if many:
        most = field.metadata.get("max_occurs")
        element.set("maxOccurs", str(most) if most and most < 10_000 else "unbounded")
    if is_dataclass(kind) or issubclass(kind, Enum):
        element.set("type", f"m:{kind.__name__}")
        yield kind
    else:
        yield from _simple(_add(element, "simpleType"), hint, field)


def _has_no_default(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _simple(simple: Any, hint: Any, field: Field[Any]) -> Iterator[type]:
    kind, _many = _kind(hint)
    if issubclass(kind, Enum):
        _add(simple, "restriction", base=f"m:{kind.__name__}")
        yield kind
        return
    within = _add(simple, "restriction", base=f"xs:{PLAIN.get(kind, 'string')}")
    for name, facet in FACETS.items():
        if name in field.metadata:
            _add(within, facet, value=str(field.metadata[name]))


def _kind(hint: Any) -> tuple[Any, bool]:
    """The type behind an annotation, and whether there may be many."""
    if get_origin(hint) is list:
        return _kind(get_args(hint)[0])[0], True
    if isinstance(hint, UnionType) or get_origin(hint) is not None:
        return _kind(next(one for one in get_args(hint) if one is not NoneType))
    return hint, False


def _add(parent: Any, kind: str, **attributes: str) -> Any:
    return etree.SubElement(parent, f"{{{XS}}}{kind}", **attributes)
