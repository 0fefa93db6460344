"""A made-up series with everything that strains a figure: bounds both ways, half a year, two tellings, a long silence."""

from __future__ import annotations

from tieout.facts import Evidence

SHAPES = [
    ("1990-01-01", "1990-12-31", "1000000", "at_most", "A", ""),
    ("2001-01-01", "2001-06-30", "3", "less_than", "A", ""),
    ("2001-07-01", "2001-12-31", "40000", "about", "E", ""),
    ("2003-07-01", "2004-06-30", "123456", "more_than", "A", ""),
    ("2006-01-01", "2006-12-31", "0", "exact", "A", ""),
    ("2007-01-01", "2007-12-31", "987654", "exact", "A", "women and children in the capital region only"),
    ("2008-01-01", "2008-12-31", "", "exact", "O", ""),
    ("2009-01-01", "2009-12-31", "876543", "exact", "A", ""),
    ("2010-01-01", "2010-12-31", "12", "exact", "A", ""),
    ("2010-01-01", "2010-12-31", "950000", "exact", "A", ""),
    ("2011-01-01", "2011-12-31", "500000", "at_least", "B", ""),
    ("2011-01-01", "2013-12-31", "777", "exact", "A", ""),
]


def odd_evidence(evidence: Evidence, metric: str, shapes: list[tuple[str, ...]] = SHAPES) -> Evidence:
    """The evidence with the observations of one metric replaced by odd ones."""
    like = next(
        cells for cells in evidence.observations if cells["metric"] == metric and cells["start"] and cells["exploitation"] == "total"
    )
    kept = [cells for cells in evidence.observations if cells["metric"] != metric]
    made = []
    for place, (start, end, value, qualifier, status, coverage) in enumerate(shapes):
        cells = {**like, "id": f"{like['document']}-9{place:02}", "start": start, "end": end, "value": value, "qualifier": qualifier}
        made.append({**cells, "status": status, "coverage": coverage, "printed": value, "sex": "total", "age": "total"})
    return Evidence(evidence.record, tuple(sorted([*kept, *made], key=lambda cells: cells["id"])))
