"""Units of which one can be turned into another: durations, lengths, weights, volumes, data."""

from __future__ import annotations

CURRENCIES = frozenset(
    {"usd", "eur", "gbp", "jpy", "inr", "rub", "krw", "brl", "mxn", "cad", "aud", "chf"}
)
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}
MONTHS = {"month": 1, "quarter": 3, "year": 12}

MEASURES = {
    name: (kind, float(row_factor))
    for kind, row in {
        "length": "mm .001|cm .01|m meter metre 1|km kilometer kilometre 1000|inch .0254|"
        "ft feet foot .3048|yard yd .9144|mi mile milla meile milha 1609.344",
        "mass": "mg .001|g gram gramm gramo gramme grama 1|kg kilo kilogram kilogramm kilogramo "
        "kilogramme 1000|lb lbs pound 453.592|oz ounce 28.35",
        "volume": "ml .001|cl .01|l liter litre litro 1|gallon 3.785",
        "data": "kb 1e3|mb megabyte 1e6|gb gigabyte 1e9|tb terabyte 1e12",
    }.items()
    for names in row.split("|")
    for *known, row_factor in [names.split()]
    for name in known
}
"""Units of one dimension, and what one of each is in the first."""
DIMENSIONS = frozenset(kind for kind, _ in MEASURES.values())
