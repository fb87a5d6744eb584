import { type Static, type TSchema, Type } from 'typebox';
import type { MaybePerEdition, PerEdition } from './editions.ts';

export type Module = 'versions' | 'credentials' | 'locations' | 'sessions' | 'chargingprofiles' | 'tokens' | 'hubclientinfo';
export type Interface = 'SENDER' | 'RECEIVER';
export type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

/**
 * One message flow of OCPI, written once: the route, the typed client, the callback, the OpenAPI page and the
 * conformance table all read this value.
 */
export interface Endpoint<
  P extends string = string,
  Q extends MaybePerEdition = MaybePerEdition,
  B extends MaybePerEdition = MaybePerEdition,
  A extends MaybePerEdition = MaybePerEdition,
  L extends MaybePerEdition = MaybePerEdition,
> {
  /** As in the names of the files that deal with it. */
  name: string;
  module: Module;
  /** Whose interface it belongs to; the one who serves it (OCPI 2.2.1 §6.1.5). */
  interface: Interface;
  method: Method;
  /** Below the module's URL, with `{names}`; empty when the module's URL is all. */
  path: P;
  query: Q;
  body: B;
  /** What `data` of the answer holds; `nothing` when it is left out. */
  answer: A;
  /** What the receiver posts to `response_url` later; `nothing` when the answer is all there is. */
  result: L;
  /** The anchor in the specification's text. */
  spec: string;
}

/** Stands where a message has no query, no body, no data or no later result. */
export const nothing = Type.Undefined();
export const isNothing = (words: MaybePerEdition): boolean => words === nothing;

const OPTIONAL = 'x-may-be-absent';
/** A body that may be left out (OCPI 2.2.1 §12.2.2.2). */
export const optionalBody = <T extends TSchema>(schema: T) => Type.Unsafe<Static<T> | undefined>({ ...schema, [OPTIONAL]: true });
/** Whether a body of this schema may be left out. */
export const mayBeAbsent = (schema: TSchema): boolean => Reflect.get(schema, OPTIONAL) === true;

export const endpoint = <const P extends string, Q extends MaybePerEdition, B extends MaybePerEdition, A extends MaybePerEdition, L extends MaybePerEdition>(
  it: Endpoint<P, Q, B, A, L>,
): Endpoint<P, Q, B, A, L> => it;

/** The static type of a schema, or of a schema that varies by edition. */
export type ValueOf<V> = V extends PerEdition<infer T> ? Static<T> : V extends TSchema ? Static<V> : never;
export type Query<E extends Endpoint> = ValueOf<E['query']>;
export type Body<E extends Endpoint> = ValueOf<E['body']>;
export type Answer<E extends Endpoint> = ValueOf<E['answer']>;
export type ResultBody<E extends Endpoint> = ValueOf<E['result']>;
type Named<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Named<Rest> : never;
/** The names in the path, each with its decoded text. */
export type Params<E extends Endpoint> = string extends E['path'] ? Readonly<Record<string, string>> : Readonly<Record<Named<E['path']>, string>>;

/** The flow by which the result of `asked` comes back: a POST to an address that its Sender chose (OCPI 2.2.1 §14.4.2.1). */
export const resultOf = <L extends MaybePerEdition>(asked: Endpoint<string, MaybePerEdition, MaybePerEdition, MaybePerEdition, L>) =>
  endpoint({
    name: `result-of-${asked.name}`,
    module: asked.module,
    interface: 'SENDER',
    method: 'POST',
    path: `results-of-${asked.name}/{result_id}`,
    query: nothing,
    body: asked.result,
    answer: nothing,
    result: nothing,
    spec: 'mod_charging_profiles_msp_post_method',
  });

/** Modules whose messages carry the OCPI-to and OCPI-from headers (RTE-01, RTE-02). */
export const isFunctional = (module: Module): boolean => !acceptsTokenA(module) && module !== 'hubclientinfo';
/** Modules that a TOKEN_A opens; the others are for registered platforms (TRN-09). */
export const acceptsTokenA = (module: Module): boolean => module === 'versions' || module === 'credentials';
/** Modules whose objects are meant for everyone: only these may be broadcast, sessions and charging profiles never (RTE-10). */
const FOR_EVERYONE: readonly string[] = ['locations', 'tariffs', 'tokens'];
/** Whether a message may go to everyone behind a hub at once; nothing that is asked may (RTE-08). */
export const mayBeBroadcast = ({ module, method }: Pick<Endpoint, 'module' | 'method'>): boolean => method !== 'GET' && FOR_EVERYONE.includes(module);
