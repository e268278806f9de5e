"""The words of column headers and form labels: what abbreviations mean, whose a role word is, what says nothing.

Data only; `headers.py` reads with it. One line of `SPELLINGS` is "canonical words = spellings"; a spelling may stand
for several words ("fname" is "first name").
"""

SPELLINGS = """
patient = pt pat pnt patnt pts ptnt patients
member = mbr memb mem members enrollee afiliado afiliada miembro participant
subscriber = subs subsc subscr sbr sbscr sub suscriptor titular
policyholder = polholder
insured = insd insrd asegurado asegurada
responsible = resp rsp
appointment = appt appts apt_ appts
certificate = cert
guarantor = guar grntr gtr guarntr grtr garante
employee = emp ee empl employees empleado empleada
employer = er
dependent = dep dpnd depn dependant dependents dependientes dependiente
provider = prov prv prvdr providers
physician = phys md
doctor = dr doc
attending = attg attn
referring = ref refer referral
emergency = emerg emer emergencia
guardian = tutor gdn grdn
parent = padres
mother = mom mthr mum madre
father = dad fthr padre
spouse = sps husband wife esposo esposa conyuge
kin = nok
child = hijo hija
name = nm nam names nme nome nom
surname = sobrenome siyati
first name = prenom fname fn fnm frstnm firstnm
last name = lname ln lnm lstnm
middle name = mname mn mnm
middle initial = mi minit
first = frst fst
last = lst
middle = mid mdl
given = gvn
family = fam
nombre = nombres
apellido = apellidos
suffix = sfx suf
preferred = pref prefd
prefix = pfx salutation
birth date = dob bdate birthdate birthdt dobirth bdt brthdt brthdate dtbirth fdn
birth = brth bth nascimento naissance nesans geburt
birthday = bday cumpleanos
date = dt dte fecha_
fecha = fec
ssn = ss ssno ssnum socsec ssnbr sssn
social = soc
security = sec secur
seguro = seg
number = no num nbr nr numb nmbr numbr # numero
id = ident identifier identification ids ident_no idno idnum
medical = med medcl
record = rec rcd recd rcrd records
mrn = mrno mrnum mrnbr medrec medrecno medrecnum mrnid
chart = chrt
account = acct acc acnt accnt accounts cuenta
insurance = ins insur insurer insurances
group = grp grupo
policy = pol plcy
plan = pln
payer = payor pyr
carrier = carr
medicare = mcr mcare
medicaid = mcd mcaid medi
mbi = mbino
phone = telefone telefon ph phn tel telephone tele phones fone telno phno phoneno telf landline
telefono = tlf
cell = cel cellular cellphone
mobile = mob mobl
celular = movil
home = hm hme
work = wk wrk
email = e-mail emails mail_ eml
address = endereco adresse morada addr adr addrs adres addresses addy
direccion = dir
street = str strt
city = cty city municipality cidade ville
state = sta stt
zip = zipcode zcode zp postcode
postal = post pstl
license = lic licence lics lcns licenses
driver = drv drvr drivers drvrs driving operator operators
diagnosis = dx diag dxs diagnoses diagn
icd = icd10 icd9 icd10cm icd9cm
code = cd cde codes codigo
description = desc descr descrip dscr
service = svc serv srvc services servicio
dos = dateofservice
dod = dod
admission = adm
admit = adt admitted
discharge = disch dsch disc discharged
procedure = proc px prcdr procedures
medication = rx medications meds drugs
amount = amt
charge = chg chgs chrg chrgs
balance = bal
claim = clm claims
encounter = enc encntr csn_
visit = vst visits
facility = fac facil
hospital = hosp
department = dept depto
location = loc
company = co comp
relationship = rel reln relat relation relationto
current = curr cur
primary = prim pri prmry
secondary = scndry secndry
contact = cntct
previous = prev
invoice = inv
effective = eff
""".strip()

# Who a column or label speaks of. Where several stand in one header the first line here that fits decides: the mother
# of a patient is the mother.
ROLES: tuple[tuple[str, str], ...] = (
    ("provider", "provider physician doctor pcp attending referring surgeon clinician therapist nurse prescriber "
     "rendering ordering practitioner consultant hospitalist dentist pharmacist counselor "
     "caseworker psychiatrist medico medica"),
    ("emergency_contact", "emergency kin ice ec"),
    ("mother", "mother"),
    ("father", "father"),
    ("guardian", "guardian caregiver custodian proxy poa representative"),
    ("parent", "parent"),
    ("spouse", "spouse partner"),
    ("guarantor", "guarantor responsible payee"),
    ("dependent", "dependent child newborn baby"),
    ("subscriber", "subscriber insured policyholder cardholder holder"),
    ("sender", "sender author user entered reviewed prepared created signed witness interviewer requester"),
    ("member", "member beneficiary recipient"),
    ("employee", "employee staff worker associate applicant"),
    ("patient", "patient client resident paciente donor consumer individual"),
)  # fmt: skip

# Words that stand beside any header and change nothing.
NOISE = frozenset(
    [
        "number",
        "the",
        "of",
        "a",
        "an",
        "and",
        "or",
        "s",
        "full",
        "legal",
        "complete",
        "current",
        "primary",
        "secondary",
        "home",
        "main",
        "mailing",
        "permanent",
        "physical",
        "local",
        "residential",
        "please",
        "enter",
        "value",
        "field",
        "text",
        "formatted",
        "raw",
        "key",
        "what",
        "is",
        "your",
        "his",
        "her",
        "their",
        "its",
        "this",
        "our",
        "de",
        "del",
        "la",
        "el",
        "los",
        "las",
        "y",
        "su",
        "por",
        "in",
        "as",
        "on",
        "at",
        "for",
        "to",
        "with",
        "if",
        "applicable",
        "required",
        "optional",
        "only",
        "next",
        "new",
        "old",
        "listed",
        "line",
        "best",
        "preferred",
        "daytime",
        "evening",
        "alternate",
        "alt",
        "other",
        "contact",
        "last4digits",
        "digits",
        "info",
        "information",
        "details",
        "data",
        "x",
        "xxx",
        "mm",
        "dd",
        "yyyy",
        "yy",
        "mmddyyyy",
        "us",
        "usa",
        "hospital",
        "clinic",
        "code",
        "id",
        "code1",
        "fecha_",
        "party",
        "person",
        "correct",
        "verified",
        "confirm",
        "official",
        "reported",
    ]
)

# Words that are written apart and are one.
PAIRS = {
    ("policy", "holder"): "policyholder",
    ("card", "holder"): "cardholder",
    ("e", "mail"): "email",
    ("medicaid", "cal"): "medicaid",
    ("care", "giver"): "caregiver",
    ("sur", "name"): "surname",
    ("nick", "name"): "nickname",
    ("zip", "4"): "zip",
    ("b", "day"): "birthday",
}

# What only a column's header can mean so: in running text "problem:" or "contract 123" say something else. Words of the
# header without noise -> element and subtype; the column's content must bear it out.
IN_TABLES = {
    "contract": ("health_insurance", "member_id"),
    "certificate": ("health_insurance", "member_id"),
    "ma": ("health_insurance", "medicaid_id"),
    "ma pmi": ("health_insurance", "medicaid_id"),
    "record": ("medical_record_number", "mrn"),
    "problem": ("diagnosis", "words"),
    "indication": ("diagnosis", "words"),
    "reason": ("diagnosis", "words"),
    "ordered": ("treatment", "procedure"),
    "order": ("treatment", "procedure"),
    "exam": ("treatment", "procedure"),
    "test": ("treatment", "lab_result"),
    "appointment": ("date_of_service", "date"),
    "from date": ("date_of_service", "date"),
    "thru date": ("date_of_service", "date"),
    "service from": ("date_of_service", "date"),
}

# Headers that end in "name", "number" or "date" and are no person's.
OTHERS = tuple(
    phrase.strip()
    for phrase in """
    facility name, hospital name, clinic name, company name, file name, user name, employer name, employer, school
    name, school, test name, department name, department, site name, site, practice name, practice, pharmacy name,
    pharmacy, vendor name, vendor, product name, event name, sheet name, field name, tab name, report name, location
    name, location, organization name, organization, agency name, agency, project name, campaign name, study name,
    building name, room number, bed number, room, bed, page number, page, line number, row number, row, sequence
    number, index number, item number, item, order number, tracking number, ticket number, reference number,
    purchase order number, po number, version number, model number, part number, check number, unit, floor, date,
    effective date, start date, end date, term date, hire date, due date, run date, print date, report date, created
    date, update date, entry date, file date, received date, order date, signature date, expiration date, issue
    date, mail date, sent date, today date, time, status, gender, sex, race, ethnicity, age, language, relationship,
    notes, comment, remarks, type, quantity, total, count, percent, country, county, title, job title, position,
    occupation, category, priority, subject, message, description, fax, fax number, website, url, extension, marital
    status, religion, place birth, country birth, state birth, birth place, birth state, birth city, birth weight,
    birth time, weight birth, license state, license type, license expiration, group type, plan type, plan code,
    insurance type, account type, account status, account balance, member since, member status, patient status,
    patient type, patient age, patient class, patient count, patient total, state license, first visit, first seen,
    last updated, last modified, last contact, last login, last activity, last four, last refill, last pcp, member
    count, insurance status, insurance verified, plan year, plan effective, social worker, social history, policy
    type, policy date, policy status, medical center, medical group, medical assistant, medical history, group home,
    family history, family size, family members, service code, service unit, member months, dear, re, phone type,
    chart review, chart note, email sent, email type, license renewal, address type, state code facility, insurance
    phone, insurance address, payer phone, payer address, facility phone, facility address, hospital phone, hospital
    address, clinic phone, clinic address, office phone, office address, pharmacy phone, pharmacy address, employer
    phone, employer address, company phone, company address, school phone, school address, department phone,
    practice phone, practice address, plan phone, carrier phone, main phone clinic, facility city, facility state,
    facility zip, employer city, employer state, employer zip, pharmacy city, pharmacy state, pharmacy zip, home
    health, record type, record count
    """.replace("\n", " ").split(",")
)
