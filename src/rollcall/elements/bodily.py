"""What is taken of the body itself: biometric records, photographs, genes. Known by the words for them."""

from rollcall.elements.codes import headers, hide
from rollcall.elements.element import Element, Pattern
from rollcall.elements.papers import check, normalise

BIOMETRIC = Element(
    id="biometric",
    subtypes=("biometric",),
    version=1,
    label="Biometric data",
    group="other",
    patterns=(
        Pattern(
            regex=r"(?i:(?:finger|palm|voice|foot|hand)prints?(?: (?:card|record|image|template|scan)s?)?|"
            r"(?:retina|retinal|iris|facial|face) (?:scan|template|geometry|recognition)s?(?: (?:data|record|"
            r"image)s?)?|form FD-258)",
            subtype="biometric", confidence=0.45, labelled=0.8,
        ),
    ),
    headers=headers(biometric="fingerprint, biometric, biometric id, voiceprint, retina scan"),
    normalise=normalise, check=check, weigh={"empty": 0.2}, mask=hide,
    examples=(("fingerprint card", "biometric", "unchecked"), ("-", "biometric", "empty")),
)  # fmt: skip
PHOTO = Element(
    id="photo",
    subtypes=("photo",),
    version=1,
    label="Photograph",
    group="other",
    patterns=(
        Pattern(
            regex=r"(?i:(?:wound|clinical|full[- ]?face|facial|mole|rash|incision|injury|pre-?op|post-?op|ulcer|"
            r"lesion) "
            r"(?:photo|photograph|picture|image)s?)",
            subtype="photo", confidence=0.45, labelled=0.8,
        ),
    ),
    headers=headers(photo="photo, photograph, patient photo, full face photo"),
    normalise=normalise, check=check, weigh={"empty": 0.2}, mask=hide,
    examples=(("wound photo", "photo", "unchecked"), ("-", "photo", "empty")),
)  # fmt: skip
GENETIC = Element(
    id="genetic",
    subtypes=("genetic",),
    version=1,
    label="Genetic information",
    group="health",
    patterns=(
        Pattern(
            regex=r"(?i:BRCA ?[12]?(?: ?/ ?2)?(?: (?:gene )?(?:mutation|variant|positive|negative|carrier|"
            r"test(?:ing)?))?|"
            r"(?:genetic|genomic|DNA|carrier|whole exome|whole genome|microarray|pharmacogenomic) "
            r"(?:test(?:ing)?|screen(?:ing)?|panel|sequencing|result|analysis|counseling)s?|"
            r"factor V leiden|(?:CFTR|MTHFR|APOE|TP53|MLH1|MSH2|HTT|SMN1|HFE|JAK2|KRAS|EGFR) (?:gene|mutation|"
            r"variant|carrier)s?|"
            r"karyotypes?|trisomy (?:13|18|21)|carrier (?:of|for) (?:sickle cell|cystic fibrosis|"
            r"tay-sachs)[a-z ]{0,12})",
            subtype="genetic", confidence=0.5, labelled=0.85,
        ),
    ),
    headers=headers(genetic="genetic test, genetic result, genetic marker, genotype, karyotype, genetic information"),
    normalise=normalise, check=check, weigh={"empty": 0.2}, mask=hide,
    examples=(("BRCA1 mutation", "genetic", "unchecked"), ("-", "genetic", "empty")),
)  # fmt: skip
BODILY = (BIOMETRIC, PHOTO, GENETIC)
