"""Papers and records that are data of their own: tax forms, vital records, evaluations of work.

Known by the title that the form itself bears. That somebody writes about a form ("your W-2 comes in January") is kept
as evidence below what counts: it is not the form.
"""

from rollcall.elements.codes import headers, hide
from rollcall.elements.element import Element, Pattern


def normalise(text: str, _subtype: str) -> str:
    """Return the words on one line."""
    return " ".join(text.split())


def check(value: str, _subtype: str) -> str:
    """Say whether anything is written there."""
    return "unchecked" if any(map(str.isalnum, value)) else "empty"


def _titled(title: str, subtype: str, confidence: float = 0.85) -> Pattern:
    return Pattern(regex=f"(?i:{title})", subtype=subtype, confidence=confidence, labelled=max(0.9, confidence))


_MENTIONED = 0.25  # below what counts as exposed

TAX_FORM = Element(
    id="tax_form",
    subtypes=("form",),
    version=1,
    label="Tax form",
    group="financial",
    patterns=(
        _titled(r"wage and tax statement", "form"),
        _titled(r"employee's withholding (?:allowance )?certificate", "form"),
        _titled(r"employer-provided health insurance offer and coverage", "form"),
        _titled(r"form 1095-[abc]|form 1099-[a-z]{1,4}|form 1098-[a-z]", "form", 0.6),
        _titled(r"nonemployee compensation|request for taxpayer identification number", "form", 0.6),
        _titled(
            r"u\.?s\.? individual income tax return|(?:schedule [a-f] )?\(?form 1040(?:-?[a-z]{1,3})?\)?", "form", 0.6
        ),
        _titled(r"w-?2c?s?|w-?4|w-?9|1095-?[abc]|1099(?:-[a-z]{1,4})?|tax returns?", "form", _MENTIONED),
    ),
    headers=headers(form="tax form, tax document, form type irs"),
    normalise=normalise,
    check=check,
    weigh={"empty": 0.2},
    mask=hide,
    examples=(("Wage and  Tax Statement", "form", "unchecked"), ("--", "form", "empty")),
)
VITAL_RECORD = Element(
    id="vital_record",
    subtypes=("record",),
    version=1,
    label="Birth, death or marriage record",
    group="identifier",
    patterns=(
        _titled(
            r"certificate of (?:live )?birth|certificate of (?:fetal )?death|"
            r"report of (?:fetal )?death",
            "record",
        ),
        _titled(r"certificate of marriage|marriage (?:license|certificate) n(?:o|umber)", "record", 0.7),
        _titled(r"(?:birth|death|marriage) certificates?|divorce decree", "record", _MENTIONED),
    ),
    headers=headers(record="birth certificate, birth certificate number, death certificate, death certificate number"),
    normalise=normalise,
    check=check,
    weigh={"empty": 0.2},
    mask=hide,
    examples=(("Certificate of Live Birth", "record", "unchecked"), ("..", "record", "empty")),
)
WORK_EVALUATION = Element(
    id="work_evaluation",
    subtypes=("evaluation",),
    version=1,
    label="Work evaluation",
    group="other",
    patterns=(
        _titled(
            r"(?:overall |performance )?rating: ?(?:exceeds|meets|below|does not meet|"
            r"needs)[a-z ]{0,24}", "evaluation", 0.7,
        ),
        _titled(r"final written warning|last chance agreement|corrective action (?:form|notice)", "evaluation", 0.45),
        _titled(
            r"performance (?:reviews?|evaluations?|improvement plan)|annual (?:review|evaluation)",
            "evaluation", _MENTIONED,
        ),
    ),
    headers=headers(
        evaluation="performance rating, work evaluation, performance evaluation, performance score, "
        "evaluation score, "
        "disciplinary action"
    ),
    normalise=normalise,
    check=check,
    weigh={"empty": 0.2},
    mask=hide,
    examples=(("Rating: meets expectations", "evaluation", "unchecked"), ("-", "evaluation", "empty")),
)  # fmt: skip
MOTHERS_MAIDEN_NAME = Element(
    id="mothers_maiden_name",
    subtypes=("name",),
    version=1,
    label="Mother's maiden name",
    group="identifier",
    patterns=(
        Pattern(
            regex=r"(?i:mother's maiden name)(?: (?i:is|was))?[ :=]{1,4}(?P<value>[A-Z][A-Za-z'-]{1,24})",
            subtype="name", confidence=0.9, labelled=0.9,
        ),
    ),
    headers=headers(name="maiden name mother, maiden mother, mother maiden name"),
    normalise=normalise,
    check=check,
    weigh={"empty": 0.2},
    mask=hide,
    examples=(("Olson", "name", "unchecked"), ("?", "name", "empty")),
)  # fmt: skip
PAPERS = (TAX_FORM, VITAL_RECORD, MOTHERS_MAIDEN_NAME, WORK_EVALUATION)
