"""Print how many spellings, layouts, frames and names each pack has (python bench/pack_counts.py)."""

from importlib import resources

from rollcall.demo.looks import PAGED
from rollcall.demo.names import TRADITIONS
from rollcall.demo.pack import Pack, load_pack
from rollcall.demo.spelling import bare, spellings

# A common element and the fields that show it.
COMMON = {
    "name": ["name"], "last name": ["family"], "first name": ["given"], "birth date": ["dob"], "SSN": ["ssn"],
    "record number": ["mrn"], "account": ["account"], "member id": ["member"], "payer": ["payer"], "phone": ["phone"],
    "address": ["address", "street"], "diagnosis": ["dx", "dx_words"], "date of service": ["seen"],
}  # fmt: skip


def packs() -> list[str]:
    """Return the names of all packs."""
    folder = resources.files("rollcall.demo").joinpath("packs")
    return sorted(one.name for one in folder.iterdir() if one.is_dir())


def headers(pack: Pack) -> dict[str, int]:
    """Return for each common element how many headers differ even without case, blanks and signs."""
    return {
        said: len({bare(text) for field in fields for text in spellings(pack, field)})
        for said, fields in COMMON.items()
    }


def layouts(pack: Pack) -> dict[str, int]:
    """Return for each kind of document how many layouts (structure x style) there are."""
    kinds = {kind: sum(1 for one in pack.frames if one.kind == kind) for kind in ("prose", "deep_below", "deep_above")}
    flat = sum(1 for one in pack.list_looks if one.structure in PAGED)
    return {
        "list": len(pack.list_looks),
        "form": len(pack.form_looks),
        "letter": len(pack.letters) * len(pack.letter_looks),
        "prose": kinds["prose"],
        "thread": kinds["deep_below"] * kinds["deep_above"],
        "ruled PDF": flat * 2,
        "print report": flat * 3 * 2,
    }


def main() -> None:
    for name in packs():
        pack = load_pack(name, wide=True)
        print(f"{name}: header spellings " + ", ".join(f"{said} {count}" for said, count in headers(pack).items()))
        print("  layouts " + ", ".join(f"{kind} {count}" for kind, count in layouts(pack).items()))
        print(
            f"  {len(pack.lists)} lists, {len(pack.forms)} forms, {len(pack.frames)} passages, "
            f"{len(pack.letters)} letters, {len(pack.talks)} threads, {len(pack.decoys)} decoys, "
            f"{len(pack.traditions) or len(TRADITIONS)} naming traditions"
        )


if __name__ == "__main__":
    main()
