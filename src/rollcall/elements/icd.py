"""Codes of diagnoses: ICD-10-CM as issued (data/icd10cm.txt.gz), ICD-9-CM by shape, as older records have them."""

import functools
import gzip
import re
from importlib.resources import files

ICD10 = r"[A-TV-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})?"
ICD9 = r"\d{3}\.\d{1,2}|V\d{2}\.\d{1,2}|E\d{3}\.\d"
_ICD9 = re.compile(ICD9)
# What the law or the ethics of a hospital treats as more than a diagnosis, by chapter and block.
_SENSITIVE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("substance_use", re.compile(r"F1\d|T40|Z715|Z722|O9931|O9932|P961")),
    ("mental_health", re.compile(r"F[02-9]\d|R4585|X7[1-9]|X8[0-3]|T1491|Z915")),
    ("hiv", re.compile(r"B20|Z21|R75|O987|Z206|B9735")),
    ("reproductive", re.compile(r"O[0-9A]|Z3[0-79A]|N9[3679]|A5\d|A6[0-4]|Z640|N52|Z113")),
)


@functools.cache
def codes() -> frozenset[str]:
    """Return every code of ICD-10-CM without its dot, categories included."""
    packed = files("rollcall.elements").joinpath("data/icd10cm.txt.gz").read_bytes()
    found, before = [], ""
    for line in gzip.decompress(packed).decode().split():
        before = before[: int(line[0])] + line[1:]
        found.append(before)
    return frozenset(found)


def is_issued(code: str) -> bool:
    """Say whether ICD-10-CM has the code; letters that fill up to the seventh place are looked through."""
    bare = code.replace(".", "").upper()
    return bare in codes()


def is_icd9(code: str) -> bool:
    """Say whether the code has the form of ICD-9-CM with its decimal point."""
    return bool(_ICD9.fullmatch(code))


def sensitivity(code: str) -> str:
    """Return the subtype of a sensitive diagnosis that a code belongs to, "" for others."""
    bare = code.replace(".", "").upper()
    return next((kind for kind, shape in _SENSITIVE if shape.match(bare)), "")
