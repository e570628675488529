"""Byte-level BPE as GPT-2 defined it: the same splitting, byte characters and merge order, written out in small."""
import json
import re
from collections import Counter
from pathlib import Path

BOS, EOS = "<|begin_of_text|>", "<|end_of_text|>"

# GPT-2's pattern. The standard library has no \p{L}: [^\W\d_] is the same for every text without unusual numerals.
SPLIT = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")


def byte_characters():
    """GPT-2's printable stand-in for each of the 256 bytes."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {**{byte: chr(byte) for byte in printable}, **{byte: chr(256 + i) for i, byte in enumerate(others)}}


BYTE_TO_CHAR = byte_characters()
CHAR_TO_BYTE = {char: byte for byte, char in BYTE_TO_CHAR.items()}


def spell(word):
    """The word's UTF-8 bytes, each as its stand-in character."""
    return tuple(BYTE_TO_CHAR[byte] for byte in word.encode())


def join(symbols, pair):
    """Replaces each occurrence of the pair by its concatenation, from left to right."""
    out, i = [], 0
    while i < len(symbols):
        if symbols[i : i + 2] == pair:
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(symbols[i])
            i += 1
    return tuple(out)


def learn_merges(text, count):
    """Byte-pair encoding (Sennrich et al., 2016): joins the most frequent pair, up to `count` times."""
    spelled = Counter(spell(word) for word in SPLIT.findall(text))
    merges = []
    while len(merges) < count:
        pairs = Counter()
        for symbols, frequency in spelled.items():
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += frequency
        if not pairs:
            break
        best, frequency = min(pairs.items(), key=lambda item: (-item[1], item[0]))
        if frequency < 2:
            break
        merges.append(best)
        merged = Counter()
        for symbols, times in spelled.items():
            merged[join(symbols, best)] += times
        spelled = merged
    return merges


class Tokenizer:
    """256 byte tokens, then one token per merge, then the two special tokens."""

    def __init__(self, merges):
        self.merges = [tuple(pair) for pair in merges]
        self.tokens = [BYTE_TO_CHAR[byte] for byte in range(256)] + [a + b for a, b in self.merges] + [BOS, EOS]
        self.ids = {token: i for i, token in enumerate(self.tokens)}
        self.ranks = {pair: rank for rank, pair in enumerate(self.merges)}
        self.bos, self.eos = self.ids[BOS], self.ids[EOS]
        self._cache = {}

    def _word(self, word):
        if word not in self._cache:
            symbols = spell(word)
            while len(symbols) > 1:
                best = min(zip(symbols, symbols[1:]), key=lambda pair: self.ranks.get(pair, len(self.ranks)))
                if best not in self.ranks:
                    break
                symbols = join(symbols, best)
            self._cache[word] = [self.ids[symbol] for symbol in symbols]
        return self._cache[word]

    def encode(self, text):
        """The ids of a text, without special tokens."""
        return [token for word in SPLIT.findall(text) for token in self._word(word)]

    def decode(self, ids):
        """The text of the ids; special tokens have none."""
        chars = "".join(self.tokens[i] for i in ids if i not in (self.bos, self.eos))
        return bytes(CHAR_TO_BYTE[char] for char in chars).decode(errors="replace")

    @staticmethod
    def load(path):
        """Reads the merges of a `tokenizer.json`."""
        merges = json.loads(Path(path).read_text(encoding="utf-8"))["model"]["merges"]
        return Tokenizer(merge.split(" ") for merge in merges)

    @staticmethod
    def bundled():
        """The tokenizer of the model that this project ships."""
        return Tokenizer.load(Path(__file__).parent.parent / "models" / "stories-hf" / "tokenizer.json")

    def to_json(self):
        """The same tokenizer as a Hugging Face `tokenizer.json`."""
        special = [
            dict(id=i, content=token, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
            for i, token in ((self.bos, BOS), (self.eos, EOS))
        ]
        byte_level = dict(type="ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=True)
        begin = {"SpecialToken": {"id": BOS, "type_id": 0}}
        text = {"Sequence": {"id": "A", "type_id": 0}}
        other = {"Sequence": {"id": "B", "type_id": 1}}
        return dict(
            version="1.0",
            truncation=None,
            padding=None,
            added_tokens=special,
            normalizer=None,
            pre_tokenizer=byte_level,
            post_processor=dict(
                type="TemplateProcessing",
                single=[begin, text],
                pair=[begin, text, other],
                special_tokens={BOS: {"id": BOS, "ids": [self.bos], "tokens": [BOS]}},
            ),
            decoder=byte_level,
            model=dict(
                type="BPE",
                dropout=None,
                unk_token=None,
                continuing_subword_prefix=None,
                end_of_word_suffix=None,
                fuse_unk=False,
                byte_fallback=False,
                ignore_merges=False,
                vocab={token: i for token, i in self.ids.items() if i not in (self.bos, self.eos)},
                merges=[f"{a} {b}" for a, b in self.merges],
            ),
        )
