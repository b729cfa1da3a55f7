"""Cells of exported tables."""

import pytest

from apps.portal.core.csv_cells import safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_formula_becomes_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "CHK-1", "6000", "a=b"])
def test_other_text_stays(text: str) -> None:
    assert safe_cell(text) == text
