import { describe, expect, it, vi } from 'vitest';
import type { NodeActions } from '../../../src/cli/node-actions.ts';
import { parseTime } from '../../../src/cli/options.ts';
import { createProgram } from '../../../src/cli/program.ts';

const nothing = async (): Promise<void> => {};
const IDLE: NodeActions = { init: nothing, start: nothing, fsck: nothing, rebuild: nothing };

describe.each(['init', 'start', 'fsck', 'rebuild'] as const)('entente %s', (command) => {
  it('leaves to the configuration what no option says', async () => {
    const action = vi.fn(nothing);
    await createProgram({ ...IDLE, [command]: action }).parseAsync(['node', 'entente', command]);
    expect(action).toHaveBeenCalledExactlyOnceWith({});
  });

  it('names the environment variables of its options and their defaults', () => {
    const own = createProgram(IDLE).commands.find((candidate) => candidate.name() === command);
    const help = own?.helpInformation().replace(/\s+/g, ' ') ?? '';
    const texts = { data: 'ENTENTE_DATA or .entente/node', host: 'ENTENTE_HOST or 127.0.0.1' };
    const all = { ...texts, port: 'ENTENTE_PORT or 8080', database: 'ENTENTE_DATABASE_URL, or the database embedded' };
    for (const [option, text] of Object.entries(all)) {
      expect(help.includes(`(default: ${text}`)).toBe(help.includes(`--${option} `));
    }
    expect(help).toContain('ENTENTE_DATA ');
  });
});

describe('parseTime', () => {
  it.each([
    ['0', 0],
    ['1790000000', 1_790_000_000],
    ['253402300799', 253_402_300_799],
  ])('reads %s', (text, seconds) => {
    expect(parseTime(text)).toBe(seconds);
  });

  it.each(['', '-1', '1.5', '1e9', 'now', '253402300800'])('refuses "%s"', (text) => {
    expect(() => parseTime(text)).toThrow('Expected seconds since 1970.');
  });
});
