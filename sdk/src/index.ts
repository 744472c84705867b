/** Entente SDK: verify, offline, that a certificate is in an Entente ledger and still current. */
export { type VerificationCode, VerificationError } from './errors.ts';
export {
  type CertificateQuestion,
  type CertificateStanding,
  createVerifier,
  type HistoricStatus,
  type HistoricTarget,
  type StandingAuthority,
  type Verifier,
  type VerifierOptions,
} from './verifier.ts';
