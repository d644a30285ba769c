"""Forms as people who can't see them meet them: labels, hints and errors are tied to their inputs."""

from __future__ import annotations

from django import forms
from django.template.loader import render_to_string
from django.utils import translation
from lxml import html


class SampleForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the bill")
    note = forms.CharField(label="Note", required=False)
    method = forms.ChoiceField(label="Method", choices=[("card", "Card"), ("bank", "Bank")], widget=forms.RadioSelect)
    born = forms.DateField(label="Birth date", widget=forms.SelectDateWidget(years=[1880, 1881]))
    agree = forms.BooleanField(label="I agree")


def page(data: dict[str, str] | None = None) -> html.HtmlElement:
    form = SampleForm(data)
    with translation.override("en"):
        summary = render_to_string("components/error-summary.html", {"form": form})
        return html.fromstring(f"<div>{summary}{form}</div>")


def test_every_input_has_a_name_that_is_read_aloud() -> None:
    tree = page()
    for field in tree.xpath("//input[not(@type='radio')]|//select"):
        labelled = tree.xpath(f"//label[@for='{field.get('id')}']") or field.get("aria-label")
        assert labelled, html.tostring(field)
    assert tree.xpath("//fieldset/legend[normalize-space()='Method']")


def test_what_may_be_left_out_says_so() -> None:
    assert page().xpath("//label[@for='id_note']//span[text()='(optional)']")


def test_an_error_is_tied_to_its_input_and_linked_from_the_summary() -> None:
    tree = page({"name": "", "method": "nonsense"})
    name = tree.xpath("//input[@id='id_name']")[0]
    assert name.get("aria-invalid") == "true"
    described = name.get("aria-describedby").split()
    assert [tree.xpath(f"//*[@id='{part}']") != [] for part in described] == [True, True]
    targets = [link.get("href")[1:] for link in tree.xpath("//div[@role='alert']//a")]
    assert {"id_name", "id_method_0", "id_agree"} <= set(targets)
    assert all(tree.xpath(f"//*[@id='{target}']") for target in targets)


def test_inputs_wear_the_design_system() -> None:
    tree = page()
    assert tree.xpath("//input[@id='id_name' and contains(@class, 'krds-input')]")
    assert tree.xpath("//select[contains(@class, 'krds-form-select')]")
    assert not tree.xpath("//input[@type='radio' and @class]")
