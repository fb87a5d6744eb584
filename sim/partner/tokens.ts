import { pageOf } from './page.ts';
import type { Party } from './party.ts';
import type { PartnerReply, Visit } from './recording-server.ts';
import { type Fields, fieldsOf, join, type PartnerAnswer, textOf, withQuery } from './wire.ts';

/** A token as its eMSP writes it; the sample's other fields are up to the test. */
export type TokenFields = Fields & { uid: string; type: string };

/** A question for a token in real time. */
export interface AuthorizationRequest {
  uid: string;
  /** As the query has it; RFID when it is left out (OCPI 2.2.1 §12.2.2.2). */
  type: string;
  body: unknown;
}

/** The tokens of a foreign eMSP: what its list shows, what it answers when asked, and how it tells of them (OCPI 2.2.1 §12.2.2). */
export class TokenSender {
  /** What its list shows, in the order in which they came. */
  readonly list: TokenFields[];
  readonly authorizationRequests: AuthorizationRequest[] = [];
  /** `allowed` in its answers, and what else goes into them. */
  answer: Fields & { allowed: string } = { allowed: 'ALLOWED' };
  readonly #party: () => Party;
  readonly #pageSize: number;

  constructor(party: () => Party, list: readonly TokenFields[], pageSize: number) {
    this.#party = party;
    this.list = [...list];
    this.#pageSize = pageSize;
  }

  /** Pushes a token whole; it stands in the list from then on. */
  put(token: TokenFields, more: { type?: string } = { type: token.type }): Promise<PartnerAnswer> {
    const place = this.list.findIndex((it) => it.uid === token.uid && it.type === token.type);
    this.list.splice(place < 0 ? this.list.length : place, place < 0 ? 0 : 1, token);
    return this.#party().send({ method: 'PUT', url: this.urlOf(token.uid, more.type), body: token });
  }

  patch(uid: string, changes: Fields, type?: string): Promise<PartnerAnswer> {
    return this.#party().send({ method: 'PATCH', url: this.urlOf(uid, type), body: changes });
  }

  /** What the CPO holds of a token. */
  readBack(uid: string, type?: string): Promise<PartnerAnswer> {
    return this.#party().send({ method: 'GET', url: this.urlOf(uid, type) });
  }

  /** Where the CPO keeps a token. */
  urlOf(uid: string, type?: string): string {
    const { role, endpoint } = this.#party();
    const url = join(endpoint('tokens', 'RECEIVER'), role.country_code, role.party_id, uid);
    return type === undefined ? url : withQuery(url, { type });
  }

  hear(visit: Visit): PartnerReply {
    const { request, segments, query, body } = visit;
    const [uid, verb] = segments;
    if (request.method === 'GET' && uid === undefined) return pageOf(visit, this.list, this.#pageSize);
    if (request.method !== 'POST' || uid === undefined || verb !== 'authorize') return { http: 405, code: 2000 };
    const type = query.get('type') ?? 'RFID';
    this.authorizationRequests.push({ uid, type, body });
    const token = this.list.find((it) => it.uid === uid && it.type === type);
    return token ? { http: 200, code: 1000, data: { token, ...this.answer } } : { http: 404, code: 2004 };
  }
}

/** What a foreign CPO was told of tokens, and what it asks of their eMSP (OCPI 2.2.1 §12.2.1). */
export class TokenReceiver {
  /** By uid, as the pushes made them. */
  readonly held = new Map<string, Fields>();
  readonly #party: () => Party;

  constructor(party: () => Party) {
    this.#party = party;
  }

  /** One page of the eMSP's list, or the whole first page when no query is given. */
  pull(query: Record<string, string> = {}): Promise<PartnerAnswer> {
    return this.#party().send({ method: 'GET', url: withQuery(this.#party().endpoint('tokens', 'SENDER'), query) });
  }

  /** Asks whether a token may charge; `location` absent: no body at all. */
  authorize(uid: string, { type, location }: { type?: string; location?: Fields } = {}): Promise<PartnerAnswer> {
    const url = join(this.#party().endpoint('tokens', 'SENDER'), uid, 'authorize');
    return this.#party().send({ method: 'POST', url: type === undefined ? url : withQuery(url, { type }), ...(location && { body: location }) });
  }

  hear({ request, segments, body }: Visit): PartnerReply {
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
