#!/bin/sh
# Makes openssl-*.pem (OpenSSL 3.0). The keys are thrown away.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
binding=1.3.6.1.4.1.32473.1.1=DER:0420000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
self_signed() { openssl req -x509 -nodes -keyout "$work/key" -days 3650 "$@"; }
p256='ec -pkeyopt ec_paramgen_curve:P-256'

self_signed -newkey $p256 -sha256 -subj '/O=Example Carrier/CN=device-0001' \
  -addext 'subjectAltName=DNS:device-0001.example.net,IP:2001:db8::1' -addext 'keyUsage=critical,digitalSignature' \
  -addext 'extendedKeyUsage=clientAuth' -addext "$binding" -out openssl-p256-binding.pem
self_signed -newkey ed25519 -subj '/CN=device-0002' -addext "$binding" -out openssl-ed25519-binding.pem
self_signed -newkey $p256 -sha256 -subj '/CN=constrained' \
  -addext 'nameConstraints=critical,permitted;DNS:example.net' -out openssl-name-constraints.pem
self_signed -newkey ec -pkeyopt ec_paramgen_curve:P-384 -sha384 -subj '/CN=p384' -out openssl-p384.pem
self_signed -newkey rsa:2048 -subj '/C=DE/O=Example CA/CN=Root' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
  -out openssl-rsa-ca.pem

cat > "$work/leaf.cnf" <<'CNF'
basicConstraints = CA:FALSE
subjectAltName = URI:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6, email:ops@example.net, otherName:1.3.6.1.4.1.32473.9;UTF8:device, dirName:dn, RID:1.2.3.4
authorityKeyIdentifier = keyid
subjectKeyIdentifier = hash
[dn]
CN = alias
CNF
openssl req -newkey $p256 -nodes -keyout "$work/leaf.key" -subj '/CN=leaf' -out "$work/leaf.csr"
issue() { openssl x509 -req -in "$work/leaf.csr" -CA openssl-rsa-ca.pem -CAkey "$work/key" -days 365 "$@"; }
issue -extfile "$work/leaf.cnf" -out openssl-issued-by-rsa.pem
issue -out openssl-version-1.pem
