// What a relying party writes: it has the SDK, a policy, certificates and proofs, and no network.
// node verify.mjs [URL that must not be reachable]
import { readFileSync } from 'node:fs';
import { createVerifier, decodePem, VerificationError } from '@entente/sdk';

const policy = readFileSync('policy.txt', 'utf8');
const now = Math.floor(Date.now() / 1000);

function judge({ certificate, proof, laterSeconds }) {
  const verifier = createVerifier({ policy, maxAgeSeconds: 300, clock: () => now + laterSeconds });
  const [der] = decodePem(readFileSync(certificate, 'utf8'), 'CERTIFICATE');
  try {
    verifier.verifyCertificate({ certificate: der, proof: readFileSync(proof) });
    return 'verified';
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return error.code;
  }
}

/** Mean milliseconds of one verification, everything included that does not depend on the device. */
function measure({ certificate, proof }) {
  const verifier = createVerifier({ policy });
  const [der] = decodePem(readFileSync(certificate, 'utf8'), 'CERTIFICATE');
  const question = { certificate: der, proof: readFileSync(proof) };
  const rounds = 200;
  for (let i = 0; i < rounds; i++) verifier.verifyCertificate(question);
  const startedAt = performance.now();
  for (let i = 0; i < rounds; i++) verifier.verifyCertificate(question);
  return (performance.now() - startedAt) / rounds;
}

const isReachable = (url) =>
  fetch(url).then(
    () => true,
    () => false,
  );

const cases = JSON.parse(readFileSync('cases.json', 'utf8'));
const outcomes = cases.map(judge);
const isOnline = process.argv[2] !== undefined && (await isReachable(process.argv[2]));
console.log(JSON.stringify({ node: process.version, isOnline, outcomes, milliseconds: measure(cases[0]) }));
