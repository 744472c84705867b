"""Writes golden.json beside this file. Nothing of Entente is used: CBOR, trees and notes are written here by hand, from the
specifications; signatures are made by cryptography (pyca) 48. Keys come from fixed seeds, so every run writes the same bytes.

    python3 make.py
"""

import base64
import hashlib
import json
import pathlib

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, utils


# --- dCBOR: RFC 8949 section 4.2.1 -------------------------------------------------------------------------------------
def head(major, argument):
    if argument < 24:
        return bytes([major << 5 | argument])
    for info, length in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << (8 * length):
            return bytes([major << 5 | info]) + argument.to_bytes(length, "big")
    raise ValueError(argument)


def cbor(value):
    if value is None:
        return b"\xf6"
    if value is False:
        return b"\xf4"
    if value is True:
        return b"\xf5"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(cbor(item) for item in value)
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(cbor(key) + cbor(value[key]) for key in sorted(value))
    raise TypeError(value)


def plain(value):
    """The value for JSON: bytes as {"bytes": hex}, maps as {"map": [[key, value], ...]}."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, dict):
        return {"map": [[key, plain(value[key])] for key in sorted(value)]}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def sha256(data):
    return hashlib.sha256(data).digest()


def seeded(text):
    return sha256(text.encode())


# --- Merkle trees: RFC 6962 section 2.1 --------------------------------------------------------------------------------
def split(count):
    power = 1
    while 2 * power < count:
        power *= 2
    return power


def node(left, right):
    return sha256(b"\x01" + left + right)


def root(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def path(index, leaves):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return path(index, leaves[:k]) + [root(leaves[k:])]
    return path(index - k, leaves[k:]) + [root(leaves[:k])]


def subproof(size, leaves, complete):
    if size == len(leaves):
        return [] if complete else [root(leaves)]
    k = split(len(leaves))
    if size <= k:
        return subproof(size, leaves[:k], complete) + [root(leaves[k:])]
    return subproof(size - k, leaves[k:], False) + [root(leaves[:k])]


# --- Keys --------------------------------------------------------------------------------------------------------------
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
SPKI = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def ed_key(seed):
    return ed25519.Ed25519PrivateKey.from_private_bytes(seeded(seed))


def ec_key(seed):
    return ec.derive_private_key(int.from_bytes(seeded(seed), "big") % P256_ORDER, ec.SECP256R1())


def spki(key):
    return key.public_key().public_bytes(*SPKI)


def raw(key):
    return key.public_key().public_bytes(*RAW)


def cose_sign(key, message):
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(message)
    r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))
    return r.to_bytes(32, "big") + min(s, P256_ORDER - s).to_bytes(32, "big")


# --- The formats -------------------------------------------------------------------------------------------------------
NETWORK = seeded("network")
ORIGIN = "ledger.example/golden"
TIME = 1_800_000_000


def ids():
    account = spki(ed_key("account"))
    device = spki(ec_key("device"))
    return {
        "networkId": NETWORK.hex(),
        "accountSpki": account.hex(),
        "deviceSpki": device.hex(),
        "member": sha256(cbor(["entente/member/v1", NETWORK, account])).hex(),
        "submitter": sha256(cbor(["entente/submitter/v1", NETWORK, account])).hex(),
        "identity": sha256(cbor(["entente/identity/v1", NETWORK, device])).hex(),
        "accountKeyId": sha256(account).hex(),
    }


def binding():
    submitter = seeded("submitter")
    der_hash = seeded("certificate")
    message = cbor(["entente/claim/v1", NETWORK, 3, submitter, der_hash, TIME])
    return {
        "submitterId": submitter.hex(),
        "derHash": der_hash.hex(),
        "hash": sha256(cbor(["entente/binding/v1", NETWORK, submitter])).hex(),
        "epoch": 3,
        "validUntil": TIME,
        "claimMessage": message.hex(),
    }


def transaction(key, algorithm, operation, version, body):
    own = [1, NETWORK, 0, TIME + 900, seeded("signer"), operation, version, 0, None]
    kid = sha256(spki(key))
    protected = b"\xa3\x01" + cbor(algorithm) + b"\x04\x58\x20" + kid + b"\x3a\x00\x01\x00\x00" + cbor(own)
    payload = cbor({0: body})
    signed = cbor(["Signature1", protected, b"", payload])
    signature = cose_sign(key, signed)
    message = cbor([protected, {}, payload, signature])
    return {
        "spki": spki(key).hex(),
        "algorithm": algorithm,
        "signerId": seeded("signer").hex(),
        "validUntil": TIME + 900,
        "operation": operation,
        "expectedVersion": version,
        "body": plain(body),
        "signedBytes": signed.hex(),
        "bytes": message.hex(),
        "id": sha256(message).hex(),
    }


def entries():
    row = [seeded(part) for part in ("der", "tbs", "spki")] + [None, -1, TIME, None, None, 1, 1]
    first = [4, 1, seeded("identity"), 1, None, None, 1, [seeded("submitter")], {0: 1, 2: [row]}]
    old = row[:7] + [17] + row[8:]
    second = [4, 1, seeded("identity"), 2, 17, 17, 3, [seeded("submitter")], {0: 1, 2: [old], 9: 1}]
    block = [0, 1, 1, 12, TIME, 17, 16, seeded("status root"), seeded("signers"), seeded("next signers")]
    return {
        "identity": cbor(first).hex(),
        "ended": cbor(second).hex(),
        "endedReason": 1,
        "index": 17,
        "block": cbor(block).hex(),
        "blockPlaces": {"height": 12, "time": TIME, "firstEntry": 17, "previousBlockEntry": 16},
    }


def member_payload(name):
    keys = [[1, raw(ed_key(name + " validator")), 0, None], [2, raw(ed_key(name + " log")), 0, None]]
    keys.append([3, raw(ed_key(name + " cosigner")), 0, None])
    return {0: name, 16: [spki(ed_key(name + " account"))], 17: keys}


def genesis():
    members = []
    for name in ("Carrier", "CA"):
        payload = member_payload(name)
        members.append([1, sha256(cbor(["entente/member/v1", NETWORK, payload[16][0]])), payload])
    members.sort(key=lambda record: record[1])
    network = [6, NETWORK, {0: NETWORK, 1: ORIGIN, 2: 0, 3: "Golden"}]
    document = cbor({0: NETWORK, 1: ORIGIN, 2: TIME, 3: [network] + members})
    records = [cbor([kind, 1, record, 1, None, None, 1, [], payload]) for kind, record, payload in [network] + members]
    signers = sha256(cbor(["entente/signers/v1", [[member[1], member[2][17][2][1], None] for member in members]]))
    words = [b"\x00" * 32]
    status = root([sha256(b"\x00\x53" + word) for word in words])
    block = cbor([0, 1, 1, 0, TIME, 0, None, status, signers, signers])
    leaves = [sha256(b"\x00" + entry) for entry in records + [block]]
    return {
        "document": document.hex(),
        "hash": sha256(document).hex(),
        "entries": [entry.hex() for entry in records + [block]],
        "signersHash": signers.hex(),
        "statusRoot": status.hex(),
        "root": root(leaves).hex(),
    }


def key_id(name, kind, key):
    return sha256(name.encode() + b"\n" + bytes([kind]) + key)[:4]


def vkey(name, kind, key):
    return f"{name}+{key_id(name, kind, key).hex()}+{base64.b64encode(bytes([kind]) + key).decode()}"


def line(name, kind, key, content):
    return f"\u2014 {name} {base64.b64encode(key_id(name, kind, key) + content).decode()}\n"


def note():
    log, cosigner = ed_key("log"), ed_key("cosigner")
    post_quantum = mldsa.MLDSA44PrivateKey.from_seed_bytes(seeded("ml-dsa"))
    name = ORIGIN + "/m/" + base64.b32encode(seeded("member")).decode().lower().rstrip("=")
    tree_root = seeded("tree")
    text = f"{ORIGIN}\n1234\n{base64.b64encode(tree_root).decode()}\n"
    time = TIME.to_bytes(8, "big")
    cosigned = f"cosignature/v1\ntime {TIME}\n{text}".encode()
    subtree = b"subtree/v1\n\x00" + bytes([len(name)]) + name.encode() + time + bytes([len(ORIGIN)]) + ORIGIN.encode()
    subtree += (0).to_bytes(8, "big") + (1234).to_bytes(8, "big") + tree_root
    lines = line(ORIGIN, 1, raw(log), log.sign(text.encode()))
    lines += line(name, 4, raw(cosigner), time + cosigner.sign(cosigned))
    # FIPS 204 signing is randomized unless asked otherwise: the signature differs between runs, and is kept.
    lines += line(name, 6, raw(post_quantum), time + post_quantum_signature(post_quantum, subtree))
    return {
        "origin": ORIGIN,
        "size": 1234,
        "root": tree_root.hex(),
        "time": TIME,
        "logKey": vkey(ORIGIN, 1, raw(log)),
        "cosignerKey": vkey(name, 4, raw(cosigner)),
        "mlDsaKey": vkey(name, 6, raw(post_quantum)),
        "note": text + "\n" + lines,
    }


def post_quantum_signature(key, message):
    """Keeps the signature of the file that is there, while it verifies."""
    try:
        kept = json.loads(OUTPUT.read_text())["note"]["note"].rstrip().split(" ")[-1]
        signature = base64.b64decode(kept)[12:]
        key.public_key().verify(signature, message)
        return signature
    except Exception:
        return key.sign(message)


def trees():
    leaves = [sha256(b"\x00" + seeded(f"leaf {i}")) for i in range(13)]
    words = [bytes([i]) * 31 + b"\x00" for i in range(3)]
    return {
        "leaves": [leaf.hex() for leaf in leaves],
        "roots": [root(leaves[:size]).hex() for size in range(14)],
        "inclusion": [[i, n, [h.hex() for h in path(i, leaves[:n])]] for n in range(1, 14) for i in range(n)],
        "consistency": [
            [m, n, [h.hex() for h in subproof(m, leaves[:n], True)]] for n in range(1, 14) for m in range(1, n + 1)
        ],
        "statusWords": [word.hex() for word in words],
        "statusLeaves": [sha256(b"\x00\x53" + word).hex() for word in words],
        "statusRoot": root([sha256(b"\x00\x53" + word) for word in words]).hex(),
    }


VALUES = [
    0, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**53 - 1, -1, -24, -25, -256, -257, 1 - 2**53,
    b"", bytes(23), bytes(24), bytes(range(256)), "", "IETF", "\u00fc", "\u6c34", "\U00010151", "e\u0301",
    [], [1, [2, 3], [4, 5]], list(range(25)), {}, {1: 2, 3: 4}, {0: {24: b"\x01"}, 256: [None, True, False], 2**32: "x"},
    [[[[[[[1]]]]]]],
]  # fmt: skip

OUTPUT = pathlib.Path(__file__).with_name("golden.json")

if __name__ == "__main__":
    register = [1, None, [], [[b"\x30\x00", None], [b"\x30\x01\x00", [TIME, bytes(64)]]]]
    golden = {
        "dcbor": [{"value": plain(value), "hex": cbor(value).hex()} for value in VALUES],
        "ids": ids(),
        "binding": binding(),
        "transactions": {
            "es256": transaction(ec_key("p256 account"), -7, 17, None, register),
            "eddsa": transaction(ed_key("account"), -8, 23, 1, [seeded("identity"), 1, None]),
        },
        "entries": entries(),
        "genesis": genesis(),
        "note": note(),
        "trees": trees(),
    }
    OUTPUT.write_text(json.dumps(golden, indent=1) + "\n")
