"""Words that name software and its roles, and never a person: what a label under an identifier's name may be made of.

Chosen by how many documents and source files of a Python and Node installation use a word; first names and surnames
were taken out. Products add their own public words (see :class:`saascore.privacy.scanner.Scanner`).
"""

_WORDS = """
quota metering digest retention reconciliation audit analytics observability insight insights notifier growth hobby solo classroom
community edition mirror desk steward stewards squad guild duty oncall rotation committee board council crew unit department
aa ab abc abcd abcdef able abort about above abs absolute abspath abstract ac accept accepted accepts access
according account accounts acme across action actions active actor actors actual actually ad adapter
adapters add added adding addition additional address adds admin af affiliates after again against algorithm
algorithms alias aliases all allow allowed allows almost along alpha already also alternative although
always amazon amazonaws amount an analysis and annotation annotations annual anonymous another anthropic any
anything anyway apache api app appear appears append applicable application applications applied applies
apply appropriate approval approved arange arbitrary archive are aren arg args argument arguments argv arn
around array arrays as asarray ascii ask assert assertion assign assigned assignment associated assume
assumed assumes assuming astype async at attach attached attempt attempts attr attribute attributes attrs
auth authentication author authors auto automatic automatically availability available avoid await away aws
axis azure ba back backend backends backfill background backward backwards bad bar base based basename bases
basic batch baz bb bc be because become becomes been before begin beginning behavior behaviour being below
best beta better between bf big billing bin binary bind bit bits blank blob block blocks blue body bold bool
boolean bot both bound boundary bounds box braintree branch break broken bucket buf buffer bug bugs build
building builds built builtin builtins business but by bygroups byte bytearray bytes ca cache cached
calculate calculated call callable callback called caller calling calls can cancel cannot canonical capture
care case cases cast catch category cause causes cb cc cd cdef ce ceil center certain certificate cf cfnlint
chain change changed changes changing char character characters chargebee chars charset chat check checked
checking checks child children choice choose chunk ci class classes classmethod clean cleanup clear cli
client clone close closed closing cloud cloudflare cls cluster cmd co code codes coding col collect
collection collections color column columns com combination combine come comes comma command commands
comment comments commit common community compare comparison compat compatibility compatible compile compiled
compiler complete completed complex compliance component components compute computed computing concrete
condition conditions config configuration configure configured conflict connect connected connection
consider considered consistent console const constant constants constraint constraints construct constructed
constructor contain contained container containers containing contains content contents context contextlib
contextmanager continue contract contributors control convenience conversion convert converted converts
copied copies copy copyright core correct correctly corresponding cos could count counter cover coverage
create created creates creating creation cron cross cs ctx current currently custom customer customers cut
cwd cycle d1 da daily data database dataclass dataclasses date datetime db dc dd de deal debug debugging dec
decimal declaration decode decorator dedent deep def default defaultdict defaults define defined defines
defining definition definitions degree del delete deleted deletes delta demo dense depend dependencies
dependency dependent depending depends deprecated deprecation depth derivative derived describe described
describes description descriptor desired desk dest destination detail details detect detected determine
determined dev developer developerguide developers development device df dg di dict dictionary dicts did
didn diff difference different digits dim dimension dimensions dir direct directed direction directly
directories directory dirname dirs disable disabled discard dispatch display displays dist distributed
distribution distributions distutils div divide division do doc docs docstring doctest document
documentation does doesn doing domain domains don done dot double down download drop ds dt dtype dual duckdb
due dummy dump dumps duplicate duration during dynamic each earlier early easier east easy ec ed edge edges
ee ef effect eg either element elementary elements elif else email embedded emit empty en enable enabled
encode encoded encoding encountered encryption end ending endpoint ends endswith engine engineering enough
ensure ensures enter enterprise entire entitlement entitlements entity entries entry enum enumerate env
environ environment eq equal equality equals equivalent err error errors es escape escaped etc eval evaluate
evaluated evaluation even event events ever every everyone everything ex exact exactly example examples exc
except exception exceptions exclude exec executable execute executed execution exist existence existing
exists exit exp expand expect expected expects explanation explicit explicitly exponential export exporter
exports expr express expression expressions ext extend extended extends extension extensions external extra
extract eye fa fact factor factory fail failed fails failure failures fake fal fall fallback false family
far fast faster fc fd feature features fetch few ff field fields figure file filename filenames files fill
filter filters final finalize finally finance find finding fine finish finished finite first fit fix fixed
fixture fixtures flag flags flat flatten float floating floats floor flow flush fmt fn folder follow
followed following follows foo for force form format formation formats formatted formatter formatting forms
forward found four fp fraction frame free from front frontend frozen frozenset fs full fully func function
functionality functions functools further future gamma gateway ge gen general generally generate generated
generates generating generation generator generators generic get getattr getitem gets getting getvalue gh
git github gitlab give given gives glob global globals go going good google got governing graph graphs
greater group groups growth gt guaranteed guard guess guide had half hand handle handled handler handlers
handles handling happen happens hard has hasattr hash have having head header headers height held hello help
helper helpers hence here hex hide high higher highlight hint history hit hold holds home hook host how
however html http https hub huggingface iam id identical identifier identifiers identity ids idx if ignore
ignored ignoring image immediately immutable implement implementation implementations implemented implements
implicit implied import important imported importer importing importlib imports in inc include included
includes including incompatible incorrect indent independent index indicate indicates indicating indices
individual inf infinite infinity info information infra infrastructure inherit init initial initialize
initialized inline inner input inputs insert inserted inside inspect install installation installed instance
instances instead int integer integers integral integration intended interactive interface internal
internally interpreted interpreter interval into ints invalid inverse invoke io iot ip is isfile isinstance
isn issubclass issue issues it item items iter iterable iterate iteration iterator itertools its itself job
jobs join js json jsonschema just keep key keys keyword keywords kind know known kv kw kwargs label labels
lambda language languages large larger last later latest latin launch lazy le lead leading least leave
ledger left legacy legal lemon lemonsqueezy len length less let letters level lexer lexers lib libraries
library license licensed lifetime like likely limit limitations limited limits linalg line linear lineno
lines link linked links lint linux list listed lists literal literals little live ll load loaded loader
loading loads local locale locals located location locations lock log logger logging logic logical logs long
longer look looking looks lookup loop lost low lower ls lt mac machine made magic main maintainer
maintainers major make makes making manage managed manager managing manual manually many map mapping
mappings maps marked marker marketing mask master match matched matches matching math matrices matrix
maximum maxsize may maybe md me mean meaning means meant member members memory merge message messages meta
metaclass metadata meth method methods microsoft might migration mimetypes min minimal minimum minor misc
miscellaneous missing mixed mixin mktables mobile mock mod mode model models modified modify module modules
monthly more most moto move mozilla ms msg much mul multi multiline multiple must mutable my mypy na name
named names namespace nan native nd ndarray ndim ne necessary need needed needs neg negative neither nested
net network networkx never new newline newlines next no nobody node nodes non none nonzero noqa nor norm
normal normalize normalized normally not note notes nothing notice now np npm ns null num number numbers
numeric numerical numpy nx obj object objects obtain occur occurred occurs oct odd of off offset often ok
old older omitted on once one ones only op open openai operating operation operations operator operators ops
opt optimization optimize option optional optionally options opts or ord order ordered ordering org
organization orig origin original os other others otherwise our out outer output outputs outside over
overflow overload overridden override overrides overwrite own owner owners pack package packages packaging
packet paddle page pair pairs parallel param parameter parameters parametrize params parent parse parsed
parser parsing part partial particular partition parts pass passed passing password patch path pathlib paths
pattern patterns pdf pending perform performance performed period perl permission permissions pi pick pip
pipe pkg place placeholder plain plan plans platform platforms please plugin plus point pointer points polar
policy poly polynomial pool pop port pos position positional positive posix possible possibly post postgres
pow power pp pragma pre precedence precision prefer preferred prefix premium prepare present preserve pretty
prev prevent preview previous previously price primary principal print printed printing prints prior
priority privacy private pro probably problem problems proc process processed processing prod produce
produced produces product production products profile program programming progress project promo prompt
proper properly properties property protocol provide provided provider provides proxy pseudo public publish
pull punctuation purchase pure purpose push put py pygments pytest python query queue quite quote quoted
quotes qw r2 raise raised raises random range rank rather rational raw rb re reached read readable reader
reading readline real really reason reasons receive received recent recommended record recursion recursive
recursively red redacted redis redistribute reduce ref refer reference references regardless regex region
register registered registry regular rejected related relative release releases relevant remaining remote
remove removed removes removing rename render renderer repeat repeated replace replaced replacement replay
replicate report reported reports repository repr represent representation represented representing
represents req request requested requests require required requirement requirements requires res reserved
reset reshape resolution resolve resolved resolver resource resources respect respectively response
responses rest restore result resulting results ret retrieve retrieves retry return returned returning
returns revenuecat reverse reversed review reviewer rfc rich right rights role root round route row rows rst
rstrip rule rules run running runs runtime rv s3 saas saascore safe sales same sample sandbox save saved say
scalar scale scaling scan scanner scheduler schema scheme sci scipy scope script scripts search seat seats
second seconds section security see seed seek seems seen segment select selected selection self send sense
sent sep separate separated separately separator seq sequence sequences series server service services
session set setattr setdefault sets setter setting settings setup setuptools several shape share shared
shell shift short should shouldn show shown shows side sig sign signal signature signed similar simple
simplify simply sin since single singleton site size skip skipped skipping sleep slice slots slow small
smaller snapshot so socket software solution solve some something sometimes sort sorted source sources space
spaces spark sparse spec special specific specification specified specifies specify specifying speed split
splitlines sqlite sqrt square squeezy src st stable stack stacklevel staging standard star start started
starter starting starts startswith stat state statement statements states static staticmethod stats status
std stderr stdin stdout step steps still stop storage store stored str strategy stream strict string strings
strip stripe struct structure structures studio stuff style styles sub subclass subclasses subject subnet
subprocess subs subscription subscriptions subsequent subset success successful successfully such suffix
suitable suite sum summary super supplied support supported supports suppress sure switch sym symbol
symbolic symbols sympy sync syntax synthetic sys system systems tab table tables tag tags take taken takes
taking tan target targets task tb team teams tell temp tempfile template templates temporary tenant tenants
term terminal terminate terms test tested testing tests text textwrap th than that the their them then there
therefore these they thing things third this those though thread threading three threshold through throw
thus time timeout times timestamp title tmp to together token tokens too tools top topic total trace
traceback track trailing transfer transform translate transpose treat treated tree trial tries trigger trim
true try trying ts tuple tuples turn twice two txt type typed typeof types typically typing ug uint unable
unchanged undef undefined under underlying unexpected unicode unicore union unique unit unittest unix
unknown unless unlike unlink unpack unsafe unsupported until unused up update updated updates upper uri url
urllib us usage use used useful user userguide username users uses using usually utf util utilities utility
utils val valid validate validation validator value values var variable variables variant various vars ve
vector vendor verbose verbosity verify version versionadded versions very via view virtual visible visit
void vpc vs wait walk want warn warning warnings warns was watch way ways wb we web weekly weight well were
west what whatever when where whether which while whitespace whole whose why width wiki wikipedia win window
windows with within without won word words work worker workers working works workspace workspaces world
would wrap wrapped wrapper wraps write writer writing written wrong www xml yearly yes yet yield yields you
your zero zeros zip zone
"""
VOCABULARY: frozenset[str] = frozenset(_WORDS.split())
