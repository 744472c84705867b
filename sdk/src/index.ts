/**
 * Entente SDK: verify, offline, that a certificate is in an Entente ledger and still current; and speak to a node: register devices,
 * revoke them, fetch proofs.
 */
export type { Claim } from '../../src/protocol/binding.ts';
export { CODES, type Code, type CodeName, codeName, codeSentence } from '../../src/protocol/codes.ts';
export { REASONS, type Reason, SUBJECT_KINDS, type SubjectKind } from '../../src/protocol/identity.ts';
export type { AddSubmitter, RegistrationItem } from '../../src/protocol/operation.ts';
export type { Scope, ScopeName } from '../../src/protocol/scope.ts';
export type {
  CertificateAnswer,
  Decision,
  IdentityAnswer,
  IdentityState,
  NetworkAnswer,
  RegistrationResult,
  TransactionAnswer,
} from './answers.ts';
export { LedgerClient, type LedgerClientOptions, type ProofForm } from './client.ts';
export { type VerificationCode, VerificationError } from './errors.ts';
export type { HeldLedger, HeldQuestion, LedgerToHold } from './held-ledger.ts';
export {
  BINDING_OID,
  bindingExtensionValue,
  identityIdOf,
  memberIdOf,
  type NetworkRef,
  submitterIdOf,
} from './ids.ts';
export { LedgerError, type LedgerErrorCode } from './ledger-error.ts';
export { decodePem } from './pem.ts';
export { type Signer, signerFromPem } from './signer.ts';
export {
  type IdentityEnd,
  type RegistrationBatch,
  type Signatory,
  type SigningOptions,
  signAddSubmitter,
  signClaim,
  signEndIdentity,
  signRegistration,
  splitBatches,
} from './transactions.ts';
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
