"""Writes protocol-examples.json beside this file: the values of the worked example in src/protocol/README.md. Nothing of
Entente is used; CBOR is written here by hand, from RFC 8949 section 4.2.1.

    python3 protocol-examples.py
"""

import base64
import hashlib
import json
import pathlib


def head(major, argument):
    if argument < 24:
        return bytes([major << 5 | argument])
    for info, length in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << (8 * length):
            return bytes([major << 5 | info]) + argument.to_bytes(length, "big")
    raise ValueError(argument)


def uint(number):
    return head(0, number)


def bstr(octets):
    return head(2, len(octets)) + octets


def tstr(text):
    return head(3, len(text.encode())) + text.encode()


def array(*items):
    return head(4, len(items)) + b"".join(items)


def mapping(*pairs):
    return head(5, len(pairs)) + b"".join(uint(key) + value for key, value in pairs)


NULL = b"\xf6"


def sha256(octets):
    return hashlib.sha256(octets).digest()


# The example keys of RFC 8410 section 10.1 and RFC 8032 section 7.1 (test 1), as SubjectPublicKeyInfo (RFC 8410 section 4).
ED25519_SPKI = bytes.fromhex("302a300506032b6570032100")
ACCOUNT_KEY = bytes.fromhex("19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1")
DEVICE_KEY = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")

NETWORK_ID = b"\x11" * 32
DER_HASH = b"\xa1" * 32
TBS_HASH = b"\xa2" * 32
NOT_BEFORE = 1_800_000_000
NOT_AFTER = 1_831_536_000
ORIGIN = "ledger.example/a"
ENTRY_INDEX = 5
LOG_SIZE = 9


def example():
    account = ED25519_SPKI + ACCOUNT_KEY
    device = ED25519_SPKI + DEVICE_KEY
    submitter = sha256(array(tstr("entente/submitter/v1"), bstr(NETWORK_ID), bstr(account)))
    identity = sha256(array(tstr("entente/identity/v1"), bstr(NETWORK_ID), bstr(device)))
    binding = sha256(array(tstr("entente/binding/v1"), bstr(NETWORK_ID), bstr(submitter)))
    claim = array(
        tstr("entente/claim/v1"), bstr(NETWORK_ID), uint(0), bstr(submitter), bstr(DER_HASH), uint(NOT_BEFORE + 900)
    )
    row = array(
        *(bstr(part) for part in (DER_HASH, TBS_HASH, sha256(device))),
        NULL,
        uint(NOT_BEFORE),
        uint(NOT_AFTER),
        NULL,
        NULL,
        uint(1),
        uint(1),
    )
    payload = mapping((0, uint(1)), (2, array(row)))
    entry = array(
        uint(4), uint(1), bstr(identity), uint(1), NULL, NULL, uint(1), array(bstr(submitter)), payload
    )
    word = bytearray(32)
    word[ENTRY_INDEX >> 3] |= 1 << (ENTRY_INDEX & 7)
    status_leaf = sha256(b"\x00\x53" + bytes(word))
    leaf = sha256(b"\x00" + entry)
    checkpoint = f"{ORIGIN}\n{LOG_SIZE}\n{base64.b64encode(leaf).decode()}\n".encode()
    return {
        "networkId": NETWORK_ID,
        "accountSpki": account,
        "deviceSpki": device,
        "submitterId": submitter,
        "identityId": identity,
        "bindingHash": binding,
        "claimMessage": claim,
        "entry": entry,
        "leafHash": leaf,
        "statusWord": bytes(word),
        "statusLeaf": status_leaf,
        "logKeyId": sha256(ORIGIN.encode() + b"\n\x01" + ACCOUNT_KEY)[:4],
        "cosignedMessage": b"cosignature/v1\ntime 1800000900\n" + checkpoint,
    }


if __name__ == "__main__":
    values = {name: octets.hex() for name, octets in example().items()}
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(values, indent=2) + "\n")
