"""The word lists from which the stories are drawn. Small, so that almost every word becomes one token."""

BOYS = "Tom Ben Sam Leo Jack Tim Dan Finn Noah Max Hugo Paul Adam Peter Luke Oscar".split()
GIRLS = "Lily Anna Mia Lucy Emma Sara Rose Ella Zoe Ruby Kate Nina Grace Alice Clara Molly".split()
PETS = "Pip Bo Dot Rex Coco Spot Star Momo".split()
ANIMALS = "dog cat bird rabbit fox bear duck frog mouse horse goat hen".split()
SIZES = "small big young funny brown white".split()
NATURES = "kind brave clever little quiet cheerful".split()
THINGS = (
    "ball key book hat cup kite drum doll box bell lamp spoon boat ring coin map bag clock flute candle mirror whistle"
).split()
COLOURS = "red blue green yellow white black brown pink purple golden".split()
SPOTS = (
    "under the bed|behind the door|in the garden|on the table|under the tree|near the river|in the kitchen"
    "|behind the house|by the lake|on the hill|in the barn|under the bridge|near the well|behind the wall"
).split("|")
INDOORS = ("under the bed", "behind the door", "on the table", "in the kitchen")
OUTDOORS = [spot for spot in SPOTS if spot not in INDOORS]
HOMES = (
    "in the village|near the forest|by the sea|on a farm|in the city|on an island|near the school|in the valley"
).split("|")
TRIPS = "park market beach forest library castle mountain shop zoo school".split()
FOODS = "bread soup cake cheese honey fish rice jam pie corn".split()
FEELINGS = "happy tired proud hungry sleepy excited calm glad lucky surprised".split()
JOBS = "pilot baker doctor farmer gardener painter sailor dancer writer singer".split()
HOBBIES = "sing dance swim read draw run climb cook jump paint".split()
WEATHERS = "sunny rainy windy cloudy cold warm".split()
CRAFTS = "scarf basket necklace mask flag crown bracelet puppet".split()
NUMBERS = "two three four five six seven eight nine ten".split()
HARVEST = "apples pears plums berries cherries flowers shells nuts".split()
RELATIVES = "grandmother grandfather aunt uncle cousin teacher neighbour".split()
MONTHS = "January March April May June July August October December".split()
