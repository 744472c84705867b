/** The OpenAPI document, from the routes alone. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { ROUTES } from './routes.ts';

export function openApiDocument(): object {
  const app = new OpenAPIHono();
  for (const route of ROUTES) app.openAPIRegistry.registerPath(route);
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Entente',
      version: '1',
      description: 'A ledger of device identities and certificates. Errors are problem documents (RFC 9457).',
      license: { name: 'Apache-2.0' },
    },
  });
}
