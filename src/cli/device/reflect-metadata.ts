/**
 * @peculiar/x509 registers its algorithms through tsyringe, which does not load unless Reflect has the metadata functions of an abandoned
 * ECMAScript proposal. Nothing that it registers has constructor parameters, so that "there is no metadata" is the right answer always.
 */
interface ReflectMetadata {
  getMetadata?(): undefined;
  getOwnMetadata?(): undefined;
  defineMetadata?(): void;
}

const reflect = Reflect as ReflectMetadata;
reflect.getMetadata ??= () => undefined;
reflect.getOwnMetadata ??= () => undefined;
reflect.defineMetadata ??= () => undefined;
