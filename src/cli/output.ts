/** What commands print: results to standard output, everything else to standard error; colours only where a terminal shows them. */
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Coloured when `stream` is a terminal and NO_COLOR is not set. */
const paint = (style: Style, text: string, stream: NodeJS.WriteStream): string =>
  styleText(style, text, { stream, validateStream: true });

export const bold = (text: string): string => paint('bold', text, process.stdout);
export const dim = (text: string): string => paint('dim', text, process.stdout);
export const good = (text: string): string => paint('green', text, process.stdout);
export const bad = (text: string): string => paint('red', text, process.stdout);

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** Aligned `name  value` lines; an absent value has no line, further lines of a value stand below its first. */
export function printFields(fields: Readonly<Record<string, string | number | undefined>>): void {
  const shown = Object.entries(fields).filter(([, value]) => value !== undefined);
  const width = Math.max(...shown.map(([name]) => name.length));
  const indent = `\n${' '.repeat(width + 2)}`;
  for (const [name, value] of shown) print(`${dim(name.padEnd(width))}  ${String(value).replaceAll('\n', indent)}`);
}

/** For people who watch: never on standard output, which scripts read. */
export function notice(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function printError(message: string): void {
  process.stderr.write(`${paint('red', 'error', process.stderr)}: ${message}\n`);
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** `s` in UTC as people and log files write it. */
export const utc = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

/** `0:07`, `12:30`, `1:02:03`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  if (whole >= 3600) parts.unshift(Math.floor(whole / 3600));
  return parts.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
