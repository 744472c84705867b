/** Every contract of the ledger. Adding one is a folder beside this file and a line here. */
import type { Contract } from '../contract.ts';
import { endIdentity } from './identity/end.ts';
import { register } from './identity/register.ts';
import { addSubmitter } from './submitter/add.ts';

const CONTRACTS: readonly Contract[] = [addSubmitter, register, endIdentity];

const BY_OPERATION: ReadonlyMap<number, Contract> = new Map(
  CONTRACTS.map((contract) => [contract.operation, contract]),
);

export const contractFor = (operation: number): Contract | undefined => BY_OPERATION.get(operation);
