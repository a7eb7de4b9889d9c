"""What guessers try first, as building blocks: words, rows of keys, and signs that stand for letters. Written for this
console; a list of whole passwords would say less, as hardly any of them has the twelve characters that are needed here.
"""

_TEXT = """
access account admin administrator adminadmin apple asdf bailey baseball batman beer blink buster changeme charlie
cheese chelsea cloud company computer cookie correct daniel default demo dragon eagle football freedom ginger google
guest hallo hello hunter iloveyou internet jordan justin killer king lakers letmein letmeinnow liverpool login london
love lovely magic manager master matrix matthew michael monkey mustang mypass mypassword nicole orange parola pass
passwd passwort password pepper phoenix pokemon princess purple qazwsx qwer qwert qwerty qwertyuiop qwertz ranger
robert root samsung secret service shadow silver soccer solo sommer spring starwars summer sunshine super superman
superuser sysadmin system temp tempo test tester thomas thunder tiger trustno trustnoone user username welcome whatever
willkommen windows winter wizard wordpass yankees zaq zxcvbnm
january february march april june july august september october november december monday tuesday wednesday thursday
friday saturday sunday autumn
apache chronos cluster clusters console datanode flink hadoop hbase hdfs hive impala java kafka kerberos mapreduce
minos namenode node operator operations regionserver server spark storm tsdb worker yarn zookeeper deployer viewer
"""
WORDS = tuple(sorted(_TEXT.split(), key=len, reverse=True))
"""The longest first, so that none of them leaves a part of a longer one."""
ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "1234567890",
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
)
"""Keys beside each other; read from either end."""
ZIGZAGS = ("1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn", "q1w2e3r4t5y6", "qazwsxedcrfvtgb", "qayxswedcvfr")
LETTERS = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "|": "l"}
)
"""Signs that people write for letters."""
SHORTEST_RUN = 4
