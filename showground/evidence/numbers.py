"""Numbers that are wrong when one digit is: bank cards, IBANs, wallets. A text is full of digits; only these mean something."""

from __future__ import annotations

import hashlib
import re

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_POLYNOMIAL = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
# The first byte of an address says its chain.
_CHAINS = {0x00: "bitcoin", 0x05: "bitcoin", 0x30: "litecoin", 0x32: "litecoin", 0x1E: "dogecoin", 0x41: "tron"}
_WALLET = re.compile(
    r"(?<![A-Za-z0-9])(?:0x[0-9a-fA-F]{40}|(?:bc|ltc)1[02-9ac-hj-np-z]{11,87}|[1-9A-HJ-NP-Za-km-z]{26,35})(?![A-Za-z0-9])"
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_CARD = re.compile(r"(?<![0-9])[3-6][0-9]{3}(?:[ -]?[0-9]{4}){2}[ -]?[0-9]{3,4}(?:[ -]?[0-9]{1,3})?(?![0-9])")


def wallets(text: str) -> list[tuple[str, str]]:
    """Returns (chain, address) of every wallet in a text whose checksum is right; Ethereum's carry none that must be there."""
    found = dict.fromkeys(_WALLET.findall(text))
    return [(chain, address) for address in found if (chain := chain_of(address))]


def chain_of(address: str) -> str:
    """Returns the chain of a wallet address, or "" if it is none (SPEC bip173, bip350; base58check)."""
    if address.startswith("0x"):
        return "ethereum"
    if address.startswith(("bc1", "ltc1")):
        return {"bc": "bitcoin", "ltc": "litecoin"}[address.partition("1")[0]] if _bech32(address) else ""
    return _CHAINS.get(_version(address), "")


def _version(address: str) -> int:
    """Returns the first byte of a base58check address, -1 if its checksum is wrong."""
    number = 0
    for char in address:
        number = number * 58 + _BASE58.index(char)
    if number >> 200:
        return -1
    raw = number.to_bytes(25, "big")
    check = hashlib.sha256(hashlib.sha256(raw[:21]).digest()).digest()[:4]
    return raw[0] if check == raw[21:] else -1


def _bech32(address: str) -> bool:
    human, _, data = address.rpartition("1")
    values = [ord(char) >> 5 for char in human] + [0] + [ord(char) & 31 for char in human] + [_BECH32.index(char) for char in data]
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, polynomial in enumerate(_POLYNOMIAL):
            check ^= polynomial if top >> bit & 1 else 0
    return check in {1, 0x2BC830A3}


def ibans(text: str) -> list[str]:
    """Returns the IBANs in a text whose check digits are right (ISO 13616), without spaces."""
    found = dict.fromkeys(one.replace(" ", "") for one in _IBAN.findall(text))
    return [one for one in found if 15 <= len(one) <= 34 and int("".join(str(int(c, 36)) for c in one[4:] + one[:4])) % 97 == 1]


def cards(text: str) -> list[str]:
    """Returns the bank cards in a text whose check digit is right (ISO 7812), digits only."""
    found = dict.fromkeys(re.sub(r"[ -]", "", one) for one in _CARD.findall(text))
    return [one for one in found if 15 <= len(one) <= 19 and len(set(one)) > 2 and _luhn(one)]


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0
