import { pageOf } from './page.ts';
import type { Party } from './party.ts';
import type { PartnerReply, RoutedRequest } from './recording-server.ts';
import { type Fields, fieldsOf, join, type PartnerAnswer, textOf, withQuery } from './wire.ts';

/** A token object of OCPI; a test chooses the other fields. */
export type TokenFields = Fields & { uid: string; type: string };

/** A received real-time authorization request. */
export interface AuthorizationRequest {
  uid: string;
  /** From the query; RFID when it is absent (OCPI 2.2.1 §12.2.2.2). */
  type: string;
  body: unknown;
}

/** The Sender interface of the tokens module at an eMSP: its list, its authorizations and its pushes (OCPI 2.2.1 §12.2.2). */
export class TokenSender {
  /** The tokens in its list, in the order of their first push. */
  readonly list: TokenFields[];
  readonly authorizationRequests: AuthorizationRequest[] = [];
  /** `allowed` in its authorizations, and further fields of them. */
  answer: Fields & { allowed: string } = { allowed: 'ALLOWED' };
  readonly #party: () => Party;
  readonly #pageSize: number;

  constructor(party: () => Party, list: readonly TokenFields[], pageSize: number) {
    this.#party = party;
    this.list = [...list];
    this.#pageSize = pageSize;
  }

  /** Adds or replaces a token in the list, and pushes it with PUT. */
  put(token: TokenFields, more: { type?: string } = { type: token.type }): Promise<PartnerAnswer> {
    const index = this.list.findIndex((it) => it.uid === token.uid && it.type === token.type);
    this.list.splice(index < 0 ? this.list.length : index, index < 0 ? 0 : 1, token);
    return this.#party().send({ method: 'PUT', url: this.urlOf(token.uid, more.type), body: token });
  }

  patch(uid: string, changes: Fields, type?: string): Promise<PartnerAnswer> {
    return this.#party().send({ method: 'PATCH', url: this.urlOf(uid, type), body: changes });
  }

  /** Gets the token that the CPO has stored. */
  readBack(uid: string, type?: string): Promise<PartnerAnswer> {
    return this.#party().send({ method: 'GET', url: this.urlOf(uid, type) });
  }

  /** The URL of a token at the CPO. */
  urlOf(uid: string, type?: string): string {
    const { role, endpoint } = this.#party();
    const url = join(endpoint('tokens', 'RECEIVER'), role.country_code, role.party_id, uid);
    return type === undefined ? url : withQuery(url, { type });
  }

  receive(routed: RoutedRequest): PartnerReply {
    const { request, segments, query, body } = routed;
    const [uid, verb] = segments;
    if (request.method === 'GET' && uid === undefined) return pageOf(routed, this.list, this.#pageSize);
    if (request.method !== 'POST' || uid === undefined || verb !== 'authorize') return { http: 405, code: 2000 };
    const type = query.get('type') ?? 'RFID';
    this.authorizationRequests.push({ uid, type, body });
    const token = this.list.find((it) => it.uid === uid && it.type === type);
    return token ? { http: 200, code: 1000, data: { token, ...this.answer } } : { http: 404, code: 2004 };
  }
}

/** The Receiver interface of the tokens module at a CPO, and its requests to the eMSP (OCPI 2.2.1 §12.2.1). */
export class TokenReceiver {
  /** The received tokens by uid. */
  readonly held = new Map<string, Fields>();
  readonly #party: () => Party;

  constructor(party: () => Party) {
    this.#party = party;
  }

  /** Gets one page of the eMSP's list; without a query the first page. */
  pull(query: Record<string, string> = {}): Promise<PartnerAnswer> {
    return this.#party().send({ method: 'GET', url: withQuery(this.#party().endpoint('tokens', 'SENDER'), query) });
  }

  /** Requests a real-time authorization; without a `location` the request has no body. */
  authorize(uid: string, { type, location }: { type?: string; location?: Fields } = {}): Promise<PartnerAnswer> {
    const url = join(this.#party().endpoint('tokens', 'SENDER'), uid, 'authorize');
    return this.#party().send({ method: 'POST', url: type === undefined ? url : withQuery(url, { type }), ...(location && { body: location }) });
  }

  receive({ request, segments, body }: RoutedRequest): PartnerReply {
    const [, , uid] = segments;
    if (uid === undefined) return { http: 404, code: 2001 };
    const known = this.held.get(uid);
    switch (request.method) {
      case 'GET':
        return known ? { http: 200, code: 1000, data: known } : { http: 404, code: 2004 };
      case 'PUT':
        this.held.set(textOf(fieldsOf(body).uid), fieldsOf(body));
        return { http: known ? 200 : 201, code: 1000 };
      case 'PATCH':
        if (!known) return { http: 404, code: 2004 };
        this.held.set(uid, { ...known, ...fieldsOf(body) });
        return { http: 200, code: 1000 };
      default:
        return { http: 405, code: 2000 };
    }
  }
}
