/** Options that several commands share, and how their arguments are read. */
import { InvalidArgumentError, Option } from 'commander';
import { LedgerClient, type NetworkRef } from '../../sdk/src/index.ts';

export const DEFAULT_NODE_URL = 'http://127.0.0.1:8080';
export const DEFAULT_DATA_FOLDER = '.entente/node';

export const nodeOption = (): Option =>
  new Option('--node <url>', 'URL of the node').default(DEFAULT_NODE_URL).argParser(parseUrl);
export const jsonOption = (): Option => new Option('--json', 'print JSON for scripts');
export const networkIdOption = (): Option =>
  new Option('--network-id <hex>', 'id of the network, for work without a node (default: ask the node)').argParser(
    parseId,
  );

export interface NetworkOptions {
  readonly node: string;
  readonly networkId?: Uint8Array;
}

const TIME_MAX = 253_402_300_799;

/** The network id given, or the node's. */
export async function resolveNetworkId({ node, networkId }: NetworkOptions): Promise<Pick<NetworkRef, 'networkId'>> {
  return networkId === undefined ? await new LedgerClient(node).network() : { networkId };
}

/** 32 bytes in hexadecimal: an id or a SHA-256. */
export function parseId(text: string): Uint8Array {
  if (!/^[0-9a-fA-F]{64}$/.test(text)) throw new InvalidArgumentError('Expected 64 hexadecimal digits.');
  return new Uint8Array(Buffer.from(text, 'hex'));
}

export const isIdText = (text: string): boolean => /^[0-9a-fA-F]{64}$/.test(text);

export function parseCount(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new InvalidArgumentError('Expected a positive whole number.');
  return Number(text);
}

export function parseCountOrZero(text: string): number {
  return text === '0' ? 0 : parseCount(text);
}

/** Seconds since 1970, up to the last one of the year 9999: RFC 5280 §4.1.2.5 dates certificates no later. */
export function parseTime(text: string): number {
  const time = Number(text);
  if (!/^[0-9]{1,12}$/.test(text) || time > TIME_MAX) throw new InvalidArgumentError('Expected seconds since 1970.');
  return time;
}

export function parsePort(text: string): number {
  const port = parseCountOrZero(text);
  if (port > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return port;
}

function parseUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new InvalidArgumentError('Expected an http:// or https:// URL.');
  return text;
}

/** For options that may be repeated. */
export const collect = (value: string, values: readonly string[] = []): readonly string[] => [...values, value];
