import { type Static, type TSchema, Type } from 'typebox';
import type { PerEdition, Varying } from './editions.ts';

export type Module = 'versions' | 'credentials' | 'locations' | 'sessions' | 'chargingprofiles' | 'tokens' | 'hubclientinfo';
export type Interface = 'SENDER' | 'RECEIVER';
export type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

/**
 * One message flow of OCPI, written once: the route, the typed client, the callback, the OpenAPI page and the
 * conformance table all read this value.
 */
export interface Endpoint<
  P extends string = string,
  Q extends Varying = Varying,
  B extends Varying = Varying,
  A extends Varying = Varying,
  L extends Varying = Varying,
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
  later: L;
  /** The anchor in the specification's text. */
  spec: string;
}

/** Stands where a message has no query, no body, no data or no later result. */
export const nothing = Type.Undefined();
export const isNothing = (words: Varying): boolean => words === nothing;

const OPTIONAL = 'x-may-be-absent';
/** A body that may be left out (OCPI 2.2.1 §12.2.2.2). */
export const orNothing = <T extends TSchema>(schema: T) => Type.Unsafe<Static<T> | undefined>({ ...schema, [OPTIONAL]: true });
/** Whether a body of this schema may be left out. */
export const mayBeAbsent = (schema: TSchema): boolean => Reflect.get(schema, OPTIONAL) === true;

export const endpoint = <const P extends string, Q extends Varying, B extends Varying, A extends Varying, L extends Varying>(
  it: Endpoint<P, Q, B, A, L>,
): Endpoint<P, Q, B, A, L> => it;

/** The static type of a schema, or of a schema that varies by edition. */
export type Meant<V> = V extends PerEdition<infer T> ? Static<T> : V extends TSchema ? Static<V> : never;
export type Query<E extends Endpoint> = Meant<E['query']>;
export type Body<E extends Endpoint> = Meant<E['body']>;
export type Answer<E extends Endpoint> = Meant<E['answer']>;
export type Later<E extends Endpoint> = Meant<E['later']>;
type Named<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Named<Rest> : never;
/** The names in the path, each with its decoded text. */
export type Params<E extends Endpoint> = string extends E['path'] ? Readonly<Record<string, string>> : Readonly<Record<Named<E['path']>, string>>;

/** The flow by which the result of `asked` comes back: a POST to an address that its Sender chose (OCPI 2.2.1 §14.4.2.1). */
export const resultOf = <L extends Varying>(asked: Endpoint<string, Varying, Varying, Varying, L>) =>
  endpoint({
    name: `result-of-${asked.name}`,
    module: asked.module,
    interface: 'SENDER',
    method: 'POST',
    path: `results-of-${asked.name}/{result_id}`,
    query: nothing,
    body: asked.later,
    answer: nothing,
    later: nothing,
    spec: 'mod_charging_profiles_msp_post_method',
  });

/** Modules whose messages carry the OCPI-to and OCPI-from headers (RTE-01, RTE-02). */
export const isFunctional = (module: Module): boolean => !isForInvited(module) && module !== 'hubclientinfo';
/** Modules that a TOKEN_A opens; the others are for registered platforms (TRN-09). */
export const isForInvited = (module: Module): boolean => module === 'versions' || module === 'credentials';
/** Modules whose objects are meant for everyone: only these may be broadcast, sessions and charging profiles never (RTE-10). */
const FOR_EVERYONE: readonly string[] = ['locations', 'tariffs', 'tokens'];
/** Whether a message may go to everyone behind a hub at once; nothing that is asked may (RTE-08). */
export const mayBeBroadcast = ({ module, method }: Pick<Endpoint, 'module' | 'method'>): boolean => method !== 'GET' && FOR_EVERYONE.includes(module);
