"""Makes python-*.pem: python3 make.py (cryptography 48)."""

from datetime import datetime, timezone
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

BINDING = x509.UnrecognizedExtension(
    x509.ObjectIdentifier('1.3.6.1.4.1.32473.1.1'), bytes.fromhex('0420') + bytes(range(32))
)


def name(*attributes):
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])


def write(file, subject, issuer, key, issuer_key, extensions, algorithm):
    builder = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(1969, 12, 31, 23, 59, 59, tzinfo=timezone.utc))
        .not_valid_after(datetime(2049, 12, 31, 23, 59, 59, tzinfo=timezone.utc))
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    pem = builder.sign(issuer_key, algorithm).public_bytes(serialization.Encoding.PEM)
    open(file, 'wb').write(pem)


p256 = ec.generate_private_key(ec.SECP256R1())
device = name((NameOID.COUNTRY_NAME, 'DE'), (NameOID.ORGANIZATION_NAME, 'Zürich Straße 東京'), (NameOID.COMMON_NAME, 'py'))
write('python-p256-binding.pem', device, device, p256, p256, [(BINDING, False)], hashes.SHA256())

ed = ed25519.Ed25519PrivateKey.generate()
multi = x509.Name(
    [
        x509.RelativeDistinguishedName(
            [x509.NameAttribute(NameOID.COMMON_NAME, 'multi'), x509.NameAttribute(NameOID.SERIAL_NUMBER, '42')]
        )
    ]
)
write('python-ed25519-binding.pem', multi, multi, ed, ed, [(BINDING, False)], None)

names = x509.SubjectAlternativeName(
    [
        x509.DNSName('*.example.net'),
        x509.IPAddress(ip_address('192.0.2.7')),
        x509.IPAddress(ip_address('2001:db8::7')),
        x509.DirectoryName(name((NameOID.COMMON_NAME, 'alias'))),
    ]
)
write(
    'python-empty-subject.pem',
    x509.Name([]),
    device,
    ed,
    p256,
    [(names, True), (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)],
    hashes.SHA256(),
)
