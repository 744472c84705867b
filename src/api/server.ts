/** The HTTP server around the API: time-outs that let streams run for hours, and an orderly end. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';

/** A connection on which nothing moves for this long is given up; a stream of registrations may take hours. */
const IDLE_TIMEOUT_MS = 120_000;
/** Headers come at once or not at all. */
const HEADERS_TIMEOUT_MS = 20_000;
/** Each may hold one line of 1.4 MB; a fleet of gateways shares connections through its proxy. */
const CONNECTIONS_MAX = 512;
/** Streams get this long to finish when the node stops. */
const CLOSE_TIMEOUT_MS = 10_000;

export interface RunningServer {
  readonly url: string;
  /** Takes no more requests, lets those under way finish, then cuts what is left. */
  close(): Promise<void>;
}

export async function startServer(
  app: { fetch(request: Request): Response | Promise<Response> },
  { host, port }: { host: string; port: number },
): Promise<RunningServer> {
  const server = createAdaptorServer({
    fetch: (request) => app.fetch(request),
    createServer,
    // A whole request may take any time: batches are streamed from production lines.
    serverOptions: { requestTimeout: 0, headersTimeout: HEADERS_TIMEOUT_MS },
  }) as Server;
  server.timeout = IDLE_TIMEOUT_MS;
  server.maxConnections = CONNECTIONS_MAX;
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const hostPart = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { url: `http://${hostPart}:${address.port}`, close: () => closeServer(server) };
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
  await closed;
  clearTimeout(cut);
}
