/** The clock port: whole seconds since 1970. */
export interface Clock {
  now(): number;
}
