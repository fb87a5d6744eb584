import { type Static, type TSchema, Type } from 'typebox';
import type { MaybePerEdition, PerEdition } from './editions.ts';

/** The modules of OCPI that this project supports. */
export type Module = 'versions' | 'credentials' | 'locations' | 'sessions' | 'chargingprofiles' | 'tokens' | 'hubclientinfo';
/** The interface of a module that an endpoint belongs to (OCPI 2.2.1 §6.1.5). */
export type Interface = 'SENDER' | 'RECEIVER';
/** The HTTP methods that OCPI uses. */
export type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

/**
 * One message flow of OCPI. The server's route, the typed client, the callback and the OpenAPI document
 * are all derived from this value.
 */
export interface Endpoint<
  P extends string = string,
  Q extends MaybePerEdition = MaybePerEdition,
  B extends MaybePerEdition = MaybePerEdition,
  A extends MaybePerEdition = MaybePerEdition,
  R extends MaybePerEdition = MaybePerEdition,
> {
  /** The name of the file that defines it. */
  name: string;
  module: Module;
  /** The interface that serves it (OCPI 2.2.1 §6.1.5). */
  interface: Interface;
  method: Method;
  /** The path below the module's URL, with `{names}`; empty for the module's URL itself. */
  path: P;
  query: Q;
  body: B;
  /** The `data` of the answer; `nothing` when the answer has none. */
  answer: A;
  /** The body that the receiver posts to `response_url` later; `nothing` when there is no later result. */
  result: R;
  /** The anchor of the section in the specification's text. */
  spec: string;
}

/** The schema of a query, a body, data or a result that a message does not have. */
export const nothing = Type.Undefined();
/** Whether a schema is `nothing`. */
export const isNothing = (schemas: MaybePerEdition): boolean => schemas === nothing;

const OPTIONAL = 'x-may-be-absent';
/** The schema of a body that may be absent (OCPI 2.2.1 §12.2.2.2). */
export const optionalBody = <T extends TSchema>(schema: T) => Type.Unsafe<Static<T> | undefined>({ ...schema, [OPTIONAL]: true });
/** Whether a body of this schema may be absent. */
export const mayBeAbsent = (schema: TSchema): boolean => Reflect.get(schema, OPTIONAL) === true;

/** Returns the endpoint unchanged, with the exact types of its parts. */
export const endpoint = <const P extends string, Q extends MaybePerEdition, B extends MaybePerEdition, A extends MaybePerEdition, R extends MaybePerEdition>(
  it: Endpoint<P, Q, B, A, R>,
): Endpoint<P, Q, B, A, R> => it;

/** The static type of the values of a schema, or of a schema for each edition. */
export type ValueOf<V> = V extends PerEdition<infer T> ? Static<T> : V extends TSchema ? Static<V> : never;
/** The decoded query of an endpoint's requests. */
export type Query<E extends Endpoint> = ValueOf<E['query']>;
/** The body of an endpoint's requests. */
export type Body<E extends Endpoint> = ValueOf<E['body']>;
/** The `data` of an endpoint's answers. */
export type Answer<E extends Endpoint> = ValueOf<E['answer']>;
/** The body that is posted to the `response_url` of an endpoint's requests. */
export type ResultBody<E extends Endpoint> = ValueOf<E['result']>;
type NamesIn<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
/** The decoded path parameters of an endpoint's requests, by name. */
export type Params<E extends Endpoint> = string extends E['path'] ? Readonly<Record<string, string>> : Readonly<Record<NamesIn<E['path']>, string>>;

/** The endpoint that receives the result of `requested`: a POST to a URL that the Sender chose (OCPI 2.2.1 §14.4.2.1). */
export const resultOf = <R extends MaybePerEdition>(requested: Endpoint<string, MaybePerEdition, MaybePerEdition, MaybePerEdition, R>) =>
  endpoint({
    name: `result-of-${requested.name}`,
    module: requested.module,
    interface: 'SENDER',
    method: 'POST',
    path: `results-of-${requested.name}/{result_id}`,
    query: nothing,
    body: requested.result,
    answer: nothing,
    result: nothing,
    spec: 'mod_charging_profiles_msp_post_method',
  });

/** Whether a module is a functional module: its messages carry the OCPI-to and OCPI-from headers (RTE-01, RTE-02). */
export const isFunctional = (module: Module): boolean => !acceptsTokenA(module) && module !== 'hubclientinfo';
/** Whether a TOKEN_A opens a module; the other modules are for registered peers (TRN-09). */
export const acceptsTokenA = (module: Module): boolean => module === 'versions' || module === 'credentials';
/** Modules whose objects may be broadcast through a hub; sessions and charging profiles never (RTE-10). */
const BROADCAST_MODULES: readonly string[] = ['locations', 'tariffs', 'tokens'];
/** Whether a message may be broadcast to all parties behind a hub; a GET never may (RTE-08). */
export const mayBeBroadcast = ({ module, method }: Pick<Endpoint, 'module' | 'method'>): boolean => method !== 'GET' && BROADCAST_MODULES.includes(module);
