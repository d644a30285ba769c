"""What a person without JavaScript sees of a page: its heading, its text, its links and its forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
Attributes = dict[str, str]


@dataclass
class Form:
    """A form as it stands on the page, with what it already holds."""

    action: str
    method: str
    multipart: bool
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # label, name, value


@dataclass(frozen=True)
class Link:
    text: str
    href: str


class Page(HTMLParser):
    """Reads one document; `heading`, `text`, `links`, `forms`, and `banner`, the title of its first banner."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[Link] = []
        self.forms: list[Form] = []
        self.options: list[tuple[str, str, str]] = []  # name of the list, value, label
        self.banner = ""
        self._words: list[str] = []
        self._headings: list[str] = []
        self._open: list[tuple[str, Attributes, int]] = []
        self._select: str | None = None
        self.feed(source)
        self.text = " ".join(" ".join(self._words).split())
        self.heading = self._headings[0] if self._headings else ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            multipart = given.get("enctype") == "multipart/form-data"
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower(), multipart))
        elif tag == "input" and self.forms:
            self._input(given)
        elif tag == "select":
            self._select = given.get("name")
        elif tag == "option" and self._select and self.forms:
            self.forms[-1].names.add(self._select)
            if "selected" in given:
                self.forms[-1].values[self._select] = given.get("value", "")
        elif tag == "textarea" and self.forms:
            self.forms[-1].names.add(given.get("name", ""))
        if tag not in VOID:
            self._open.append((tag, given, len(self._words)))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, given, start = self._open.pop()
            text = " ".join(" ".join(self._words[start:]).split())
            if name == "a" and "href" in given:
                self.links.append(Link(text, given["href"]))
            elif "et-banner-title" in given.get("class", ""):
                self.banner = self.banner or text
            elif name == "h1":
                self._headings.append(text)
            elif name == "button" and self.forms and given.get("type", "submit") == "submit":
                self.forms[-1].buttons.append((text, given.get("name", ""), given.get("value", "")))
            elif name == "textarea" and self.forms:
                # A line break right after the tag is none of the text's.
                self.forms[-1].values[given.get("name", "")] = "".join(self._words[start:]).lstrip("\r\n")
            elif name == "option" and self._select:
                self.options.append((self._select, given.get("value", ""), text))
            elif name == "select":
                self._select = None
            elif name in {"script", "style"}:
                del self._words[start:]
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def _input(self, given: Attributes) -> None:
        form, name = self.forms[-1], given.get("name", "")
        kind = given.get("type", "text").lower()
        if kind in {"submit", "image"}:
            form.buttons.append((given.get("value", ""), name, given.get("value", "")))
        elif name:
            form.names.add(name)
            if kind not in {"radio", "checkbox", "file"} or "checked" in given:
                form.values[name] = given.get("value", "")
