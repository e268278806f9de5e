"""How conditions, services and drugs read, without a list of all: the stems medicine makes its words of.

For columns nobody headed and for sentences without a label. Stems, not a dictionary: "-itis" is an inflammation in any
hospital; a new drug is known by the dose behind it.
"""

CONDITION = (
    r"(?i)(?:[\w',/()-]+ ){0,5}(?:\w+(?:itis|osis|emia|aemia|pathy|oma|algia|plegia|rrhea|uria|ectasis|opia)|"
    r"\w*diabetes|hypertension|asthma|copd|gerd|chf|cad|ckd|esrd|adhd|ptsd|hiv|aids|cancer|carcinoma|tumou?r|lymphoma|leukemia|"
    r"depress\w+|anxiety|bipolar|dementia|alzheimer\w*|parkinson\w*|autism|epilepsy|seizures?|stroke|migraines?|"
    r"fractures?|sprain|hernia|ulcers?|sepsis|pneumonia|influenza|flu|covid(?:-19)?|obesity|pregnan\w+|infertility|"
    r"miscarriage|disorders?|diseases?|syndrome|dependence|abuse|addiction|withdrawal|failure|fibrillation|infarction|"
    r"infections?|deficiency|insufficiency|obstruction|pain|injury|wounds?|lupus|gout|eczema|cirrhosis|overdose)"
    r"(?:[ ,].{0,30})?"
)
SERVICE = (
    r"(?i)(?:[\w',/()-]+ ){0,4}(?:x-?rays?|mri|mra|ct|pet|cta|ultrasound|echo|ekg|ecg|eeg|emg|cbc|cmp|bmp|a1c|tsh|psa|"
    r"inr|mammogra\w+|\w+(?:scopy|ectomy|plasty|otomy|ostomy|centesis|graphy|gram|lysis)|biops\w+|panel|culture|"
    r"urinalysis|vaccin\w+|immuniz\w+|injection|infusion|transfusion|dialysis|chemotherapy|surgery|procedure|repair|"
    r"replacement|removal|transplant|therap\w+|exercise|counseling|evaluation|consult\w*|screening|exam\w*|visit|"
    r"physical|delivery|follow-?up|global)(?:[ ,/].{0,30})?"
)
DOSE = r"(?i:\d+(?:\.\d+)? ?(?:mg|mcg|ml|meq|iu|units?|puffs?|tabs?|mg/ml))"
