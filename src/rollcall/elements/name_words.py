"""Words that decide whether capitalised words are a person: titles, cues, institutions, and plain words.

Data only. Plain words are those that begin sentences, headings and greetings; many of them are surnames too ("Best",
"Price", "Will"), so that alone they say nothing, and beside a first name they still count.
"""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


HONORIFICS = _set(
    "mr mrs ms miss mx dr doctor prof professor rev reverend fr father sister sr sra srta senor senora senorita "
    "don dona sir madam judge officer sgt capt lt nurse attorney"
)
# A person is named right after these.
CUES = _set(
    "patient patients pt pts client resident member subscriber named name names nombre paciente dear hi hello hey "
    "hola estimado estimada thanks thank attn attention regarding re cc mother father son daughter wife husband "
    "brother sister parent guardian spouse aunt uncle employee colleague coworker nurse physician surgeon "
    "therapist mom dad baby by with for from call contact ask tell met saw seen sincerely regards cheers gracias"
)
STRONG_CUES = _set(
    "patient pt client resident member subscriber named dear hi hello hey hola estimado estimada mother father "
    "son daughter wife husband brother sister guardian spouse paciente nombre attn mom dad baby"
)
INSTITUTIONS = _set(
    "hospital hospitals clinic clinics center centers centre medical health healthcare care inc llc llp ltd corp "
    "corporation company co university college school academy institute foundation association society department "
    "dept division office services service systems system group partners associates bank trust insurance plan "
    "plans pharmacy laboratory labs lab church county city state street st avenue ave road rd drive lane ln "
    "boulevard blvd court circle parkway highway way square plaza building bldg suite room floor wing unit ward "
    "north south east west northern southern eastern western international national american united america "
    "states federal government ministry committee council commission board bureau agency team program project "
    "conference meeting report form policy act law code section chapter article table figure page version windows "
    "microsoft google apple amazon excel outlook adobe facebook twitter aetna cigna humana anthem kaiser medicare "
    "medicaid blue cross shield tricare optum labcorp quest mayo syndrome disease disorder test scale score "
    "therapy surgery procedure scan mri ct icu er ed or nicu monday tuesday wednesday thursday friday saturday "
    "sunday january february march april june july august september october november december mon tue tues wed "
    "thu thurs fri jan feb mar apr jun jul aug sep sept oct nov dec lunes martes miercoles jueves viernes sabado "
    "domingo enero febrero marzo abril junio julio agosto septiembre octubre noviembre diciembre river lake mount "
    "mountain valley beach island bay park forest airport station hotel restaurant museum league cup football "
    "club fc stadium band album tour award awards times news press post journal magazine daily radio tv channel "
    "network online web site com org net inbox mailto http https www temple mosque army navy force war battle "
    "empire kingdom republic union party senate congress house europe asia africa india china japan france "
    "germany england britain canada mexico russia spain italy australia london paris york angeles chicago houston "
    "boston texas california florida washington virginia carolina dakota jersey minnesota wisconsin michigan ohio "
    "illinois indiana iowa kansas nebraska colorado oregon nevada arizona utah idaho montana wyoming oklahoma "
    "arkansas louisiana mississippi alabama tennessee kentucky pennsylvania maryland delaware massachusetts "
    "connecticut vermont maine hawaii alaska english french german spanish chinese japanese indian european "
    "christian catholic jewish muslim"
)
PLAIN = _set(
    "a about above access according account action active actual add additional address after again all allergies "
    "also alert although always am amount an and another answer any anyone anything appointment approved are area "
    "as assessment assistant at attached attachment audit authorization available back balance based be because "
    "been before begin being below benefit benefits best between billing birth black blood body book both box "
    "brand bring brown business but buy by call called can card case cash cell change chart charge check chief "
    "child children choice claim claims class clean clear click clinical close comment comments complete "
    "confidential confirm contact continue control copy core correct cost could coverage current customer daily "
    "data date day days deal dear decision dental details did direct director discharge discuss dob document "
    "documents does done down draft drug due each early earth easy either election email emails emergency "
    "employee end enrollment enter even event every everyone exam example excellent exchange exhibit expires "
    "extra eye face fact family far fast fax fee feel few field file files final financial find fine first follow "
    "following for form forward forwarded found free friend from front full fund further fwd future game general "
    "get girl give global go god going gold golden good got grand grant grants gray great green greetings guide "
    "had half hand happy hard has have he head hear heart hello help her here hey hi high hill him his history "
    "hold home hope hot hour hours how however human i id if image important in include including info "
    "information inpatient into invoice is issue it item items its job join joy jr just keep key kind king know "
    "large last late later law lead left legal less let letter level life light like line link list little live "
    "local long look love low lunch made mail main major make man management manager many map mark market master "
    "may me mean medication medications member men mental message might mind minor miss mobile model monthly more "
    "morning most move mr mrn mrs ms much music must my name need needs never new next nice night no nobody none "
    "normal not note notes notice now number nurse nursing of off ok okay old on once one only open option or "
    "order original other our out outpatient over own owner page paid pain part past patient patients pay payment "
    "pending people per perhaps person personal phone photo physical pink place plain please plus point position "
    "possible power pre present president price prices primary prior private problem process product provider "
    "public purple question questions quick rate re read ready real really reason received recent record records "
    "red referral refill regard regarding regards registration reminder reply request required results return "
    "review rich right risk rose round rule run safe said sale same sample save say schedule season second "
    "security see seen send senior sent set several shall share she short should show side sign signature silver "
    "simple since single sir site small so social some somebody someone something soon sorry source space special "
    "spring staff standard star start status stay still stop store story strong subject such summary summer sun "
    "sure surgical take talk tax tell term test text than thank thanks that the their them then there therefore "
    "these they thing things think this those thought three through time title to today together told tomorrow "
    "tonight too top total training transfer treatment true try two type under university until up update updated "
    "upon urgent us use user using version very video view visit vital vitals wait want was watch water we web "
    "week weekly well were what when where whether which while white who whole why will winter wish with within "
    "without woman women word words work world worth would write year years yes yesterday yet you young your "
    "yours chair chairman coach captain prince princess queen saint pope lord lady actor author bishop minister "
    "secretary senator governor mayor doctor professor el la los las un una por para con que usted su favor "
    "gracias saludos atentamente buenos dias tardes noches adjunto"
)

# Places and feasts that are also names: alone they are no person, beside a first name they may be.
PLACES = _set(
    "adelaide afghanistan albania algeria amsterdam argentina armenia athens atlanta austin austria baltimore "
    "bangkok bangladesh barcelona baylor beijing belgium berkeley berlin birmingham bolivia bosnia brazil "
    "broadway bronx brooklyn brussels budapest buffalo bulgaria cairo calgary cambodia cameroon charlotte chennai "
    "chile christmas cincinnati cleveland colombia columbus congo copenhagen croatia cuba cyprus dallas delhi "
    "denmark denver detroit dublin duluth durham easter ecuador edinburgh egypt estonia ethiopia finland florence "
    "frankfurt fresno geneva georgia ghana greece guatemala haiti hamburg hanukkah harlem havana holland "
    "hollywood honduras honolulu hopkins hungary iceland indianapolis indonesia iran iraq ireland israel istanbul "
    "jacksonville jamaica jerusalem johannesburg jordan jupiter kabul karachi kazakhstan kenya korea kuwait "
    "kwanzaa lagos laos latvia lebanon liberia libya lima lincoln lisbon lithuania louisville luxembourg madison "
    "madrid malaysia mali malta manchester manhattan manila mars melbourne memphis miami milan milwaukee "
    "minneapolis moldova mongolia montreal morocco moscow mozambique mumbai munich myanmar nairobi namibia naples "
    "nashville nepal netherlands newark nicaragua niger nigeria norway oakland omaha oman orlando osaka oslo "
    "ottawa pakistan palestine panama paraguay peru philadelphia philippines phoenix pittsburgh poland portland "
    "portugal prague qatar queens raleigh ramadan richmond rochester romania rome rwanda sacramento salem "
    "santiago saturn savannah scotland seattle senegal seoul serbia shanghai sinai singapore slovakia slovenia "
    "somalia spokane springfield stanford stockholm sudan sweden switzerland sydney syracuse syria taiwan tampa "
    "tanzania tehran thailand thanksgiving tokyo toledo toronto tucson tulsa tunisia turkey uganda ukraine "
    "uruguay vancouver venezuela venice venus vienna vietnam wales warsaw wichita yemen zambia zimbabwe zurich "
)
PLACE_STARTS = _set("san santa santo saint los las fort port new mount lake north south east west el la palo costa")
