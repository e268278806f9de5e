"""The check digits that issuers put into their numbers, so that a slip of the pen shows.

Each function says whether a number of the right length and alphabet agrees with its own check digit; a number of
another length does not.
"""

_VIN_VALUES = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, *range(2, 10)], strict=True)),
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def luhn(digits: str) -> bool:
    """Payment cards, NPI and others: every second digit from the right doubled (ISO/IEC 7812-1, annex B)."""
    if not digits.isdecimal() or not digits.isascii():
        return False
    doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def npi(digits: str) -> bool:
    """National Provider Identifier: Luhn over the prefix 80840 and ten digits (45 CFR 162.406; CMS, NPI standard)."""
    return len(digits) == 10 and digits[:1] in ("1", "2") and luhn(f"80840{digits}")


def dea(number: str) -> bool:
    """DEA registration: two characters and seven digits, the last of which checks the others (21 CFR 1301)."""
    digits = number[2:]
    if len(number) != 9 or not digits.isdecimal() or not digits.isascii():
        return False
    odd, even = sum(map(int, digits[0:6:2])), sum(map(int, digits[1:6:2]))
    return (odd + 2 * even) % 10 == int(digits[6])


def routing(digits: str) -> bool:
    """Routing number of a bank: weights 3, 7, 1 (American Bankers Association)."""
    if len(digits) != 9 or not digits.isdecimal() or not digits.isascii() or not digits.strip("0"):
        return False
    return sum(int(digit) * weight for digit, weight in zip(digits, (3, 7, 1) * 3, strict=True)) % 10 == 0


def iban(number: str) -> bool:
    """International bank account number: the rest by 97 is 1 (ISO 13616)."""
    if not 15 <= len(number) <= 34 or not number.isascii() or not number.isalnum():
        return False
    turned = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def vin(number: str) -> bool:
    """Vehicle identification number: the ninth character is the weighted sum by 11 (49 CFR 565.15)."""
    if len(number) != 17 or any(character not in _VIN_VALUES for character in number):
        return False
    rest = sum(_VIN_VALUES[character] * weight for character, weight in zip(number, _VIN_WEIGHTS, strict=True)) % 11
    return number[8] == ("X" if rest == 10 else str(rest))


def gtin(digits: str) -> bool:
    """Device identifier of a UDI (GTIN of 14 digits): weights 3 and 1 (GS1 General Specifications)."""
    if len(digits) != 14 or not digits.isdecimal() or not digits.isascii():
        return False
    return sum(int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(digits)) % 10 == 0
