"""Writes examples.txt: numbers of every region and of every kind, as people write them, from the PyPI package `phonenumbers`.

The package's metadata are those of libphonenumber 9.0.42, as are those of the crate that reads numbers here.

    python3 -m venv /tmp/phones && /tmp/phones/bin/pip install phonenumbers==9.0.42
    /tmp/phones/bin/python host/model/tests/phones/examples.py
"""

import pathlib
import sys

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult

VERSION = "9.0.42"

KINDS = {
    "fixed-line": PhoneNumberType.FIXED_LINE,
    "mobile": PhoneNumberType.MOBILE,
    "toll-free": PhoneNumberType.TOLL_FREE,
    "premium-rate": PhoneNumberType.PREMIUM_RATE,
    "shared-cost": PhoneNumberType.SHARED_COST,
    "voip": PhoneNumberType.VOIP,
    "personal": PhoneNumberType.PERSONAL_NUMBER,
    "pager": PhoneNumberType.PAGER,
    "uan": PhoneNumberType.UAN,
    "voicemail": PhoneNumberType.VOICEMAIL,
}

HEAD = f"""# Made by examples.py with the PyPI package phonenumbers {VERSION} (Apache-2.0); do not edit.
# region | kind | E.164 | in national format | in international format; region 001 has no national one
# region | what is wrong | no number of anybody
"""


def written(number: phonenumbers.PhoneNumber, form: int) -> str:
    return phonenumbers.format_number(number, form)


def example(region: str, kind: str, number: phonenumbers.PhoneNumber) -> str:
    national = "-" if region == "001" else written(number, PhoneNumberFormat.NATIONAL)
    international = written(number, PhoneNumberFormat.INTERNATIONAL)
    return " | ".join([region, kind, written(number, PhoneNumberFormat.E164), national, international])


def examples(region: str) -> list[str]:
    numbers = {kind: phonenumbers.example_number_for_type(region, type_) for kind, type_ in KINDS.items()}
    return [example(region, kind, number) for kind, number in numbers.items() if number]


def what_is_wrong(text: str) -> str | None:
    """None where somebody can have the number."""
    try:
        number = phonenumbers.parse(text)
    except NumberParseException:
        return "unreadable"
    if phonenumbers.is_valid_number(number):
        return None
    reasons = {ValidationResult.TOO_SHORT: "too-short", ValidationResult.TOO_LONG: "too-long"}
    return reasons.get(phonenumbers.is_possible_number_with_reason(number), "invalid")


def near_misses(region: str) -> list[str]:
    """The package's own invalid example, and examples with digits lost, added and spoilt; only what is wrong indeed."""
    code = phonenumbers.country_code_for_region(region)
    right = written(phonenumbers.example_number(region), PhoneNumberFormat.E164)
    own = phonenumbers.invalid_example_number(region)
    texts = [right[:-1], right[:-3], right + "0", right + "0123456", f"+{code}0000000", f"+{code}"]
    texts += [written(own, PhoneNumberFormat.E164)] if own else []
    wrong = ((text, what_is_wrong(text)) for text in texts)
    return [f"{region} | {reason} | {text}" for text, reason in wrong if reason]


def main() -> None:
    if phonenumbers.__version__ != VERSION:
        sys.exit(f"this needs phonenumbers=={VERSION}, here is {phonenumbers.__version__}")
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)
    lines = [line for region in regions for line in examples(region)]
    for code in sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS):
        lines.append(example("001", "non-geographic", phonenumbers.example_number_for_non_geo_entity(code)))
    lines += [line for region in regions for line in near_misses(region)]
    (pathlib.Path(__file__).parent / "examples.txt").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
