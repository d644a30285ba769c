from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference, PDFtrue
from reportlab.pdfgen.canvas import Canvas

ROOT: Final = "TagRoot"


class Structure:
    """
    The tree of headings, paragraphs and table cells that a screen reader follows (tagged PDF, ISO 32000-1 14.8).

    reportlab draws but doesn't tag: the marks go into its page streams, the tree into its catalogue.
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas: Any = canvas
        self._roles: dict[str, tuple[str, str]] = {}  # element: role, parent
        self._kids: dict[str, list[Any]] = {ROOT: []}
        self._marks: list[list[str]] = [[]]  # by page: the element that each marked content belongs to
        self.document = self.element("Document", ROOT)

    def element(self, role: str, parent: str) -> str:
        name = f"Tag{len(self._roles)}"
        self._roles[name] = (role, parent)
        self._kids[name] = []
        self._kids[parent].append(PDFObjectReference(name))
        return name

    @contextmanager
    def content(self, element: str) -> Iterator[None]:
        marks = self._marks[-1]
        page = PDFObjectReference(f"Page{len(self._marks)}")
        self._kids[element].append(PDFDictionary({"Type": PDFName("MCR"), "Pg": page, "MCID": len(marks)}))
        self._canvas._code.append(f"/{self._roles[element][0]} <</MCID {len(marks)}>> BDC")
        marks.append(element)
        yield
        self._canvas._code.append("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Rules, fills and what is repeated on every page: nothing that should be read aloud."""
        self._canvas._code.append("/Artifact BMC")
        yield
        self._canvas._code.append("EMC")

    def end_page(self) -> None:
        self._canvas.showPage()
        self._marks.append([])

    def write(self) -> None:
        """Put the tree into the document; once, after the last page."""
        document = self._canvas._doc
        ended = self._marks[:-1]
        for number in range(len(ended)):
            page = document.idToObject[f"Page{number + 1}"]
            page.__NoDefault__ = [*type(page).__NoDefault__, "StructParents", "Tabs"]
            page.StructParents, page.Tabs = number, PDFName("S")
        for name, (role, parent) in self._roles.items():
            kids = PDFArray(self._kids[name])
            self._add(name, {"Type": "StructElem", "S": role}, {"P": PDFObjectReference(parent), "K": kids})
        numbers: list[Any] = []
        for number, marks in enumerate(ended):
            numbers += [number, PDFArray([PDFObjectReference(element) for element in marks])]
        parents = PDFDictionary({"Nums": PDFArray(numbers)})
        self._add(ROOT, {"Type": "StructTreeRoot"}, {"K": PDFArray(self._kids[ROOT]), "ParentTree": parents})
        document.Catalog.StructTreeRoot = PDFObjectReference(ROOT)
        document.Catalog.MarkInfo = PDFDictionary({"Marked": PDFtrue})

    def _add(self, name: str, names: dict[str, str], entries: dict[str, Any]) -> None:
        facts = {key: PDFName(value) for key, value in names.items()} | entries
        self._canvas._doc.Reference(PDFDictionary(facts), name)
