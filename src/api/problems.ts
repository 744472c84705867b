/** The only mapping of errors to HTTP. @see RFC 9457 */
import type { Context } from 'hono';
import { ServiceError, type ServiceErrorCode } from '../service/service-error.ts';

type ProblemStatus = 400 | 404 | 406 | 413 | 500 | 503;

/** Exhaustive: a code without a status does not compile. */
const STATUSES: Readonly<Record<ServiceErrorCode, ProblemStatus>> = {
  certificate_unknown: 404,
  identity_unknown: 404,
  tile_unknown: 404,
  malformed_request: 400,
  not_acceptable: 406,
  request_too_large: 413,
  overloaded: 503,
  shutting_down: 503,
  not_published_yet: 503,
};

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: ServiceErrorCode | 'internal' | 'route_unknown';
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ServiceError) return problem(error.code, STATUSES[error.code], error.message);
  // What broke inside is for the log, not for the caller.
  return problem('internal', 500, undefined);
}

export const routeUnknown = (): Problem => problem('route_unknown', 404, 'there is no such resource');

function problem(code: Problem['code'], status: number, detail: string | undefined): Problem {
  const title = code.replaceAll('_', ' ');
  return { type: `urn:entente:problem:${code}`, title, status, code, ...(detail !== undefined && { detail }) };
}

export function respondProblem(context: Context, { status, ...rest }: Problem): Response {
  return context.body(JSON.stringify({ ...rest, status }), status as ProblemStatus, {
    'content-type': 'application/problem+json',
  });
}
