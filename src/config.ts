/** The only reader of the environment. Command-line options come before it, defaults behind. */

export interface Config {
  /** The data folder. */
  readonly data: string;
  readonly host: string;
  readonly port: number;
  /** A Postgres URL; undefined: PGlite in the data folder. */
  readonly databaseUrl: string | undefined;
}

export interface ConfigOptions {
  readonly data?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly database?: string | undefined;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** @throws ConfigError */
export function readConfig(options: ConfigOptions, environment: NodeJS.ProcessEnv = process.env): Config {
  return {
    data: options.data ?? environment['ENTENTE_DATA'] ?? '.entente/node',
    host: options.host ?? environment['ENTENTE_HOST'] ?? '127.0.0.1',
    port: options.port ?? parsePort(environment['ENTENTE_PORT'] ?? '8080'),
    databaseUrl: options.database ?? environment['ENTENTE_DATABASE_URL'],
  };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^[0-9]{1,5}$/.test(text) || port > 65_535) throw new ConfigError(`not a port: ${text}`);
  return port;
}
