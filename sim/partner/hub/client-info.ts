import type { Clock } from '../../../src/domain/clock.ts';
import type { PartnerReply, RoutedRequest } from '../recording-server.ts';
import type { PartnerRole } from '../registration.ts';
import type { PartyId } from '../wire.ts';

/** The connection status of a party behind a hub (OCPI 2.2.1 §15.4.1). */
export type ClientState = 'CONNECTED' | 'OFFLINE' | 'PLANNED' | 'SUSPENDED';

/** A party as text, such as `NL*CPO`, for comparison without regard to case. */
export const partyName = ({ country_code, party_id }: PartyId) => `${country_code}*${party_id}`.toUpperCase();

interface Client {
  role: PartnerRole;
  state: ClientState;
  at: number;
}

/** Small, so that a reader must follow the pages. */
const PAGE_SIZE = 2;

/** The HubClientInfo of a hub: its parties and their connection status (OCPI 2.2.1 §15). */
export class ClientInfo {
  readonly #clock: Clock;
  readonly #clients = new Map<string, Client>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Lists a party with a status, and returns its ClientInfo object. */
  list(role: PartnerRole, state: ClientState): object {
    const client = { role, state, at: this.#clock.now() };
    this.#clients.set(`${role.role} ${partyName(role)}`, client);
    return writeClientInfo(client);
  }

  /** Changes the status of all roles of a party; `last_updated` stays. */
  setState(party: PartyId, state: ClientState): void {
    for (const client of this.#clients.values()) if (partyName(client.role) === partyName(party)) client.state = state;
  }

  /** The status of a party; CONNECTED for a party that is not listed. */
  stateOf(party: PartyId): ClientState {
    return [...this.#clients.values()].find(({ role }) => partyName(role) === partyName(party))?.state ?? 'CONNECTED';
  }

  roles(): PartnerRole[] {
    return [...this.#clients.values()].map(({ role }) => role);
  }

  /** Answers a GET of the list, two parties per page; 405 for any other request. */
  receive({ request, query, segments }: RoutedRequest): PartnerReply {
    if (request.method !== 'GET' || segments.length > 0) return { http: 405, code: 2000 };
    const all = [...this.#clients.values()].map(writeClientInfo);
    const offset = Number(query.get('offset') ?? 0);
    const next = new URL(request.url);
    next.searchParams.set('offset', String(offset + PAGE_SIZE));
    const hasMore = offset + PAGE_SIZE < all.length;
    const headers = { 'X-Total-Count': String(all.length), 'X-Limit': String(PAGE_SIZE), ...(hasMore && { Link: `<${next.href}>; rel="next"` }) };
    return { http: 200, code: 1000, data: all.slice(offset, offset + PAGE_SIZE), headers };
  }
}

const writeClientInfo = ({ role: { role, country_code, party_id }, state, at }: Client) => ({
  role,
  country_code,
  party_id,
  status: state,
  last_updated: new Date(at).toISOString(),
});
