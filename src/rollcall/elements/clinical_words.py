"""How conditions, services and drugs read, without a list of all: the stems medicine makes its words of.

For columns nobody headed and for sentences without a label. Stems, not a dictionary: "-itis" is an inflammation in any
hospital; a new drug is known by the dose behind it.
"""

CONDITION = (
    r"(?i)(?:[\w',/()-]+ ){0,5}(?:\w+(?:itis|osis|emia|aemia|pathy|oma|algia|plegia|rrhea|uria|ectasis|opia)|"
    r"\w*diabetes|hypertension|asthma|copd|gerd|chf|cad|ckd|esrd|adhd|ptsd|hiv|aids|cancer|carcinoma|tumou?r|"
    r"lymphoma|leukemia|"
    r"depress\w+|anxiety|bipolar|dementia|alzheimer\w*|parkinson\w*|autism|epilepsy|seizures?|stroke|migraines?|"
    r"fractures?|sprain|hernia|ulcers?|sepsis|pneumonia|influenza|flu|covid(?:-19)?|obesity|pregnan\w+|infertility|"
    r"miscarriage|disorders?|diseases?|syndrome|dependence|abuse|addiction|withdrawal|failure|fibrillation|"
    r"infarction|"
    r"infections?|deficiency|insufficiency|obstruction|pain|injury|wounds?|lupus|gout|eczema|cirrhosis|overdose)"
    r"(?:[ ,].{0,30})?"
)
SERVICE = (
    r"(?i)(?:[\w',/()-]+ ){0,4}(?:x-?rays?|mri|mra|ct|pet|cta|ultrasound|echo|ekg|ecg|eeg|emg|cbc|cmp|bmp|a1c|"
    r"tsh|psa|"
    r"inr|mammogra\w+|\w+(?:scopy|ectomy|plasty|otomy|ostomy|centesis|graphy|gram|lysis)|biops\w+|panel|culture|"
    r"urinalysis|vaccin\w+|immuniz\w+|injection|infusion|transfusion|dialysis|chemotherapy|surgery|procedure|repair|"
    r"replacement|removal|transplant|therap\w+|exercise|counseling|evaluation|consult\w*|screening|exam\w*|visit|"
    r"physical|delivery|follow-?up|global|dosing|infusions?|cleaning|prophylaxis|extraction|fillings?|crown|"
    r"dentures?|sealants?|"
    r"screens?|swab|antibod\w+|antigen|titer|titre|panel|smear|psychotherap\w+|intake|checkup|check-up|stress test|"
    r"level [1-5]|eval|new patient|est(?:ablished)? patient)(?:[ ,/].{0,30})?"
)
# Stems of the nonproprietary names that the United States Adopted Names Council gives out, and older classes.
_STEM = (
    r"[a-z-]*(?:pril|sartan|olol|statin|prazole|cillin|mycin|floxacin|conazole|dipine|gliptin|gliflozin|glutide|"
    r"mab|tinib|vir|tidine|triptan|setron|zepam|zolam|oxetine|pram|azine|apine|idone|barbital|caine|cycline|formin|"
    r"glitazone|parin|xaban|thiazide|semide|actone|sone|solone|terol|tropium|lukast|phylline|dronate|profen|coxib|"
    r"fenac|codone|morphone|morphine|adone|trexone|norphine|phine|aloxone|afil|osin|asteride|thyroxine|warfarin|"
    r"insulin|lithium|aspirin|acetaminophen|amine|etiracetam|gabalin|bapentin|trigine|triptyline|zolpidem|"
    r"phenidate|zodone|peridol|clonidine|digoxin|tamoxifen|zole|sulfa\w*|penem|cef\w+)"
)
DOSE = r"(?i:\d+(?:\.\d+)? ?(?:mg|mcg|ml|meq|iu|units?|puffs?|tabs?|mg/ml))"
DRUG = rf"(?:[A-Za-z].* {DOSE}.*|(?i:{_STEM}(?:[ -].{{0,40}})?))"
PAYER = (
    r"(?i).*\b(?:health ?(?:plans?|partners|care|choice|net)?|medicare|medicaid|mutual|insurance|assurance|hmo|"
    r"ppo|epo|"
    r"blue|cross|shield|bcbs\w*|aetna|cigna|humana|anthem|uhc|united ?healthcare|kaiser|tricare|champva|molina|"
    r"centene|"
    r"wellcare|advantage|\w+care|\w*plan|self[ -]?pay|uninsured|workers'? comp\w*)\b.*"
)
