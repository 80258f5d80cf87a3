"""Formats are data: every shipped one is complete, and a wrong file says what is wrong."""

from pathlib import Path

import pytest

from holdspace.assist.queries import OUR_FORMATS
from holdspace.engines.drafting.format import BadFormat, known_formats, load_format
from holdspace.engines.drafting.mention import Kind


def test_the_six_formats_ship() -> None:
    assert set(known_formats()) == {"SOAP", "DAP", "BIRP", "GIRP", "PIRP", "intake"}


@pytest.mark.parametrize("name", known_formats())
def test_every_kind_has_exactly_one_section_so_no_format_loses_a_fact(name: str) -> None:
    fmt = load_format(name)
    assert {fmt.section_for(kind.value) for kind in Kind} <= {section.name for section in fmt.sections}


def test_letter_case_does_not_matter_and_an_unknown_name_lists_the_known() -> None:
    assert load_format("soap").name == "SOAP"
    with pytest.raises(BadFormat, match="SOAP"):
        load_format("../secrets")


def test_a_practice_s_own_format_is_offered_beside_ours_and_wins_over_one_of_the_same_name(
    tmp_path: Path,
) -> None:
    shipped = Path(load_format.__code__.co_filename).parent / "formats" / "dap.yaml"
    for name in ("clinic", "dap"):
        text = (
            shipped.read_text()
            .replace("format: DAP", f"format: {name.upper()}")
            .replace("name: Data", "name: Facts")
        )
        (tmp_path / f"{name}.yaml").write_text(text)
    assert set(known_formats(tmp_path)) == {*known_formats(), "CLINIC"}
    assert load_format("clinic", tmp_path).sections[0].name == "Facts"
    assert load_format("DAP", tmp_path).sections[0].name == "Facts"


def test_a_file_that_is_not_yaml_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("format: [")
    with pytest.raises(BadFormat, match=r"mine\.yaml"):
        load_format("mine", tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("risk]", "risk, weather]", "unknown: weather"),
        ("[commitment, next appointment]", "[commitment]", "in no section: next appointment"),
        ("[commitment,", "[commitment, risk,", "in two sections: risk"),
        ("date: 2026-11-23\n", "", "format, source, date, sections"),
        ("heading: S", "header: S", "name, heading, takes"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    shipped = Path(load_format.__code__.co_filename).parent / "formats" / "soap.yaml"
    (tmp_path / "mine.yaml").write_text(shipped.read_text().replace(old, new))
    with pytest.raises(BadFormat, match=complaint):
        load_format("mine", tmp_path)


def test_the_page_offers_every_format_that_fits_a_session() -> None:
    assert {name.upper() for name in known_formats()} == {*OUR_FORMATS, "INTAKE"}
