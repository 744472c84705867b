/** What use cases refuse, by code. The HTTP edge alone maps codes to responses. */
export type ServiceErrorCode =
  | 'certificate_unknown'
  | 'identity_unknown'
  | 'tile_unknown'
  | 'malformed_request'
  | 'not_acceptable'
  | 'request_too_large'
  | 'overloaded'
  | 'shutting_down'
  | 'not_published_yet';

export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: ServiceErrorCode;

  constructor(code: ServiceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
