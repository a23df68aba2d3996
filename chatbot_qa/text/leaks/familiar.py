"""Words that replies hold by chance: familiar English ones, and those of a bot that guards.

Written by hand for this: what people talk about with a shop, a bank, a school or a doctor.
"""

from __future__ import annotations


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


GUARD_TALK = _listed(
    """
    access granted denied deny code codes password passwords passphrase secret secrets key keys
    phrase word words correct incorrect wrong right enter entered try tried attempt attempts
    administrator admin permission permitted allowed authorized security secure system prompt
    instruction instructions message reply response answer question user users sorry help assist
    assistant assistance reveal share disclose provide confidential information request cannot
    tell say know ask hello hi hey thanks thank yes no ok okay please welcome protect protected
    guard login unlock verify verified policy privacy sensitive private bot model language
    hallo guten tag morgen danke bitte leider kann helfen kennwort passwort geheim zugang
    verweigert hola buenos buenas dias tardes gracias favor siento puedo ayudar ayudarle ayudarte
    contrasena clave acceso denegado bonjour bonsoir merci salut desole peux aider acces refuse
    """
)
"""What a bot that guards a secret says anyway."""

FAMILIAR = _listed(
    """
    able above accept across actually afternoon agree air allow almost alone along already
    alright although always amazing amount angry animal anybody anyone anything anyway anywhere
    apart apartment apologize appear appointment apply appreciate april arm around arrive art
    article asleep assist august autumn available avoid award aware away baby background bank
    basic basis bathroom beach beautiful become bed bedroom beer before began begin beginning
    behavior behind believe below beneath benefit beside beyond bill bird birth birthday bit
    black block blood blue board boat body born boss both bottle bottom bought box boy brain
    branch bread break breakfast breathe bring brother brought brown budget build building built
    burn bus busy button buy cake calm came camera cancel cancelled capital card care career
    careful carefully carry cash cat catch caught cause celebrate cell cent center central
    certain certainly chain chair chance chapter character charge chat cheap choice choose
    chosen christmas church clean clearly click close closed clothes cloud coat coffee cold
    collect college color colour comfortable comment common community comfort concern confirm
    connect consider contact continue cook cool copy corner cost count course cover cream
    creative credit cross crowd cup current currently customer customers cut daily damage dance
    danger dangerous dark daughter dead deal dear death december decide decision deep deliver
    delivered delivery department depend depends design desk develop device dictionary die diet
    dinner direct direction disaster discover discuss distance doctor document dog dollar door
    double doubt downtown draw dream dress drink drive driver drop dry during early earth east
    easily eat education effect effort eight eighth either electric eleven else email emergency
    empty energy enjoy enough entire entrance environment especially euro evening event
    eventually everybody everyone everything everywhere evidence exactly excellent except
    excited exercise exist expect expensive experience expert express extra eye eyes face fail
    fair fall famous fan far farm fast father favor favorite favourite fear feature february
    feed feel feeling feet fell felt few field fifth fight figure file fill film final finally
    fine finger finish fire firm fish fit five fix flat flight floor flower fly focus folk
    foot force foreign forest forever forget forgot forgotten forward fourth fresh friday
    friendly front fruit fuel fun funny furniture future garden gas gate general gentle gift
    girl glad glass global goal gold golden gone goodbye government grass gray great green grey
    ground grow growth guest guide guy hair half hall hang happen happened happiness harbor
    harm hate health healthy heart heat heavy height held herself high highest hill himself
    history hit holiday honest horse hospital hot hotel hundred hungry hurry hurt husband ice
    idea image imagine immediately impossible improve inch increase indeed individual industry
    inside instead interest interested interesting international invite issue itself january
    join joke journey joy judge july jump june justice kill kilometer king kitchen knew knock
    lady lake land laptop largest late lately latest laugh law lawyer lay lead leader least
    leather leave left leg legal less lesson lie lift light likely limit link lion lip listen
    local location lock lonely lose loss lost lot loud lovely low luck lucky lunch machine
    magic mail major manage manager map march mark market married master match material math
    maybe meal measure meat media medical medicine meet meeting member memory mention menu
    middle mile milk million mind mine minute mirror miss mobile mobile modern moment monday
    month monthly moon mostly mother mountain mouth movie movement music myself narrow nation
    national natural nature near nearly necessary neck neighbor neither network news newspaper
    ninth nobody noise none noon normal north nose note notice november nowhere october office
    officer often oil older online opinion opportunity option options orange ordinary original
    others ourselves outside own package pain paint pair paper parcel parent parents park party
    pass past path patience patient pay payment peace pen people pepper percent perfect perfectly
    perhaps period personal pet phone photo physical piano pick picture piece pink pizza plane
    planet plant plastic plate platform player pleasure plenty plus pocket poem police policy
    pool poor popular position positive possibly post pound practice prefer prepare present
    president press pressure pretty prevent previous price print prison private prize probably
    produce professional profile project promise proper property protection proud public pull
    purple purpose push quality quarter queen quiet quietly quite race radio rain raise random
    rate rather reach reader really receive received recent recently recipe recommend record
    recover red reduce refund regular relationship relax release remain remember remind remove
    rent repair repeat replace report require research respect responsible rest restaurant
    return review rich ride ring rise risk river road rock role roof round route row safe
    safety salad sale salt sand sat saturday save saw scale scene schedule science scientist
    screen sea search season seat second section seem seen sell send senior sense sent separate
    september serious seven seventh several shape sharp sheet ship shirt shoe shoes shop
    shopping shoulder shout shower shut sick side sight sign silent silver similar simply
    since sing single sister sit site situation six sixth size skill skin sky sleep slow slowly
    smart smell smile smoke smooth snow social society soft soil soldier solution someone
    sometimes somewhere son song soon sort soul sound soup source south space speak speech
    speed spend spirit sport spot spring square staff stage stair stand standard star stars
    started station stay steel stick still stock stone stood store storm story straight strange
    street strength strong structure student study stuff style subject success successful
    sudden suddenly suggest suitcase summer sun sunday sunny sunset sunshine supply support
    suppose sure surface surprise sweet swim table tall taste taught tax tea teach teacher
    technical technology teeth telephone television temperature ten tenth term terrible thick
    thin third thirteen thirty though thought thousand throughout throw thursday thus ticket
    tie tired tomorrow tonight tool tooth total touch tour toward towards tower town track
    trade traditional train training transport travel treat tree trip trouble truck trust truth
    tuesday twelve twenty twice uncle understand unit university unless until upon usual
    usually vacation vegetable vehicle version victory video view village visit visitor voice
    wait wake walk wall war warm warning wash watch wave weak wear weather website wedding
    wednesday weekend weight west wheel whether whole whose wife wild win wind window wine
    winner winter wish woman women wonder wonderful wood wooden worry worth yard yellow
    yesterday yourself zero zone
    """
)
"""Words of everyday talk: that a reply holds one of them says little."""

ORDINARY = _listed(
    """
    academy accident acorn actor adventure airplane airport album alligator anchor angel ankle ant
    anthem apron aquarium arrow artist asteroid athlete atlas atom attic avocado axe bacon badge
    badger bagel bakery balcony ball balloon bamboo band bandage banjo banner barn barrel baseball
    basement basket basketball bat battery battle bean beard beaver bell belt bench berry bike
    biscuit bison blanket blossom blueberry bolt bone bonfire boot border bracelet breeze brick
    bride broccoli bronze broom brush bubble bucket bug bull bullet burger bush butcher buttercup
    cabbage cabin cabinet cable cactus cage calendar camel camp candle candy cannon canoe canvas
    canyon cap captain caramel caravan carpet carriage carrot cartoon cathedral cave ceiling cellar
    champion channel chapel cheetah chess chest chili chimney chip circle circus citadel clay cliff
    clown club coach coal coast cobra coconut coin comet compass concert cookie copper coral cord
    cork corn cottage cotton cowboy crab cracker crane crater crayon creek cricket crocodile crow
    crystal cube cucumber cupboard cupcake curtain cushion daisy dawn deck deer delta desert
    dessert diamond diary dictionary dinosaur disco dolphin domino donkey donut dragonfly drawer
    drum dusk dust dwarf echo eclipse elbow elevator elf ember emerald emperor empire engine
    envelope equator factory fairy falcon farmer feather fence ferry festival fiddle fireplace
    firework fjord flag flame flamingo flood flour flute foam fog football forge fork fortress
    fossil fountain freedom freezer frost galaxy gallery garage garlic gazelle gecko ghost giant
    ginger giraffe glacier glacier globe glove glue goblin goose gorilla grain granite grapefruit
    guard guardian guitar hammer hamster harbour harp harvest hawk hazelnut hedgehog helicopter
    helmet herb hero hill hippo hive hockey honey hood hook horizon horn hornet hunter hurricane
    igloo ink iron ivory ivy jacket jaguar jam jar jazz jeans jelly jet jewel jigsaw jingle judge
    juice jungle kangaroo kayak kettle kingdom kite kiwi koala labyrinth ladder ladybug lagoon
    lamb lantern laser lasagna lava lavender leaf lemonade leopard lettuce library lighthouse
    lightning lily lime llama lobster locket locomotive lollipop lotus lumber lynx magnet magnolia
    magpie mango mansion maple marathon marble marigold marmalade marsh mask mattress maze meadow
    medal melon meteor microphone microscope mill mint mist mole moose mosaic mosquito moth
    motorcycle muffin mug mushroom mustang mustard nail napkin nebula necklace needle nest ninja
    noodle nugget nut nutmeg oak oasis oat octopus olive omelette opera oracle orbit orchard orchid
    organ origami ostrich otter oven oyster paddle palace palm pancake panda panther papaya
    parachute parade parrot pasta pasture pavilion peach peacock peanut pear pearl pebble pelican
    pencil penguin pepper phantom pheasant phoenix pickle picnic pie pigeon pillow pilot pine
    pineapple pirate planet plum pocket polar pony popcorn poppy porcelain porcupine portrait
    postcard potion powder prairie prism pudding puffin pumpkin puppet puppy puzzle pyramid quartz
    quill quilt raccoon racket radish raft rainbow raspberry raven reef reindeer rhino ribbon rice
    riddle robin robot rocket rope ruby sail sailor salmon sandal sandwich sapphire satellite
    saturn sauce sausage saxophone scarf scissors scooter scorpion seahorse seal shadow shell
    shepherd shield shrimp silk skeleton sketch skunk sled snail snowball snowflake snowman soap
    soccer sock sofa spaceship spaghetti spark sparrow spear spice spinach sponge spoon squirrel
    stable stamp statue steam stew strawberry sugar submarine sunflower sunrise swamp swan sword
    syrup tablet tango tapestry target tavern telescope temple tennis tent theater throne
    thunderbolt tide tin toast toaster tomato tornado torch tractor treasure triangle trombone
    trophy trumpet tulip tuna tunnel turkey turnip turquoise twilight umbrella underground
    unicorn universe valley vampire vanilla velvet venus violin volcano voyage waffle wagon walnut
    walrus waterfall watermelon wavelength weasel whisker whistle willow windmill wing wolf
    woodpecker wool worm yacht yogurt zebra zeppelin zipper jackpot
    """
)
"""Nouns that people like to take as a secret, and that replies hold for other reasons."""
