"""Writes holidays.txt: the public holidays of every country that the PyPI package `holidays` knows, one line per country
and year: the ISO 3166-1 alpha-2 code, the year, and the dates as MMDD.

Taken are the package's public category for the whole country (no regions), with observed days and with the days off that a
government moved, as far as they were decreed when the package was released. Governments decree late: run this again each
December with a newer package, and read the difference before committing it.

    python3 -m venv /tmp/holidays && /tmp/holidays/bin/pip install holidays==0.109
    /tmp/holidays/bin/python host/model/data/holidays.py
"""

import importlib.metadata
import pathlib
import sys

# This script bears the package's name: the folder it lies in must not be searched before the packages.
sys.path.pop(0)

import holidays  # noqa: E402

VERSION = "0.109"
YEARS = range(2024, 2033)


def line(country: str, year: int) -> str:
    dates = sorted(holidays.country_holidays(country, years=year, observed=True))
    days = " ".join(f"{date:%m%d}" for date in dates if date.year == year)
    return f"{country} {year} {days}".rstrip()


def main() -> None:
    installed = importlib.metadata.version("holidays")
    if installed != VERSION:
        sys.exit(f"this needs holidays=={VERSION}, here is {installed}")
    countries = sorted(holidays.list_supported_countries(include_aliases=False))
    lines = [line(country, year) for country in countries for year in YEARS]
    head = f"# Made by holidays.py from the PyPI package holidays {VERSION} (© Vacanza Team and contributors, MIT licence); do not edit.\n"
    (pathlib.Path(__file__).parent / "holidays.txt").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
