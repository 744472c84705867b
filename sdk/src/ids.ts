/** Ids that anybody can compute from public keys, and the binding of a certificate to its submitter. */
import { concat } from '../../src/core/bytes.ts';
import { bindingHash } from '../../src/protocol/binding.ts';
import { identityId, memberId, submitterId } from '../../src/protocol/id.ts';
import { platformCrypto } from '../../src/runtime/crypto.ts';

/** What a transaction is signed for; `LedgerClient.network()` answers with it. */
export interface NetworkRef {
  /** 32 bytes. */
  readonly networkId: Uint8Array;
  readonly epoch: number;
}

type NetworkId = Pick<NetworkRef, 'networkId'>;

/** The id of a member, 32 bytes. `spki`: its first account key, DER. */
export const memberIdOf = ({ networkId }: NetworkId, spki: Uint8Array): Uint8Array =>
  memberId(networkId, spki, platformCrypto().hasher);

/** The id of a submitter, 32 bytes. `spki`: its first account key, DER. */
export const submitterIdOf = ({ networkId }: NetworkId, spki: Uint8Array): Uint8Array =>
  submitterId(networkId, spki, platformCrypto().hasher);

/** The id under which a device with a self-made certificate is registered, 32 bytes. `spki`: the device's key, DER. */
export const identityIdOf = ({ networkId }: NetworkId, spki: Uint8Array): Uint8Array =>
  identityId(networkId, spki, platformCrypto().hasher);

/** The dotted OID of the binding extension, which is never critical. */
export const BINDING_OID = '1.3.6.1.4.1.32473.1.1';

/**
 * The content of the binding extension for self-made certificates: the DER of an OCTET STRING of 32 bytes, 34 in all. Without it, or a
 * claim, the ledger refuses the certificate: anybody who saw it first could register it.
 */
export const bindingExtensionValue = ({ networkId }: NetworkId, submitterId: Uint8Array): Uint8Array =>
  concat(Uint8Array.of(0x04, 0x20), bindingHash(networkId, submitterId, platformCrypto().hasher));
