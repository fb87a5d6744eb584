import type { Random } from '../random.ts';
import type { ModuleName } from './faults.ts';
import type { PartnerReply, RecordingServer, RoutedRequest } from './recording-server.ts';
import { fieldsOf, listOf, type PartnerAnswer, send, textOf } from './wire.ts';

/** A supported version of OCPI. */
export type Edition = '2.2.1' | '2.3.0';

/** A role of a party in the credentials module. */
export interface PartnerRole {
  role: string;
  country_code: string;
  party_id: string;
  business_details: { name: string };
}

/** An endpoint in the version details. */
export interface Endpoint {
  identifier: string;
  role: 'SENDER' | 'RECEIVER';
  url: string;
}

/** The platform that has exchanged credentials with the partner. */
export interface Peer {
  /** The token that the partner sends to the peer. */
  token: string;
  versionsUrl: string;
  endpoints: readonly Endpoint[];
  roles: readonly PartnerRole[];
}

/** Options of a registration. */
export interface RegistrationOptions {
  server: RecordingServer;
  random: Random;
  edition: Edition;
  role: PartnerRole;
  /** Further roles in its credentials. */
  moreRoles?: readonly PartnerRole[];
  /** Sends tokens without Base64 encoding. */
  rawToken: boolean;
  /** Reads tokens without Base64 encoding only. */
  readsRawTokenOnly?: boolean;
  /** Fields that replace or extend its credentials. */
  extraCredentials?: () => object;
  /** The endpoints of its functional modules. */
  endpoints: () => readonly Endpoint[];
  /** Further entries in its versions list. */
  extraVersions: readonly { version: string; url: string }[];
}

/** The versions and credentials modules of a partner, as server and as client (OCPI 2.2.1 §6, §7). */
export class Registration {
  readonly #options: RegistrationOptions;
  #readsRawTokenOnly: boolean;
  #invitations = new Set<string>();
  /** The token that the peer sends to this partner. */
  #peerToken: string | undefined;
  peer: Peer | undefined;

  constructor(options: RegistrationOptions) {
    this.#options = options;
    this.#readsRawTokenOnly = options.readsRawTokenOnly === true;
  }

  /** From now on tokens in Base64 are not read. */
  readRawTokenOnly(): void {
    this.#readsRawTokenOnly = true;
  }

  /** Makes a TOKEN_A with the versions URL, for a node that is to register here. */
  invite(): { token: string; versions_url: string } {
    const token = this.#newToken();
    this.#invitations.add(token);
    return { token, versions_url: this.#options.server.url('versions') };
  }

  /** Registers at a node: GET versions, GET details, POST credentials (OCPI 2.2.1 §7.1.1). Returns the answer to the POST. */
  async register(at: { versionsUrl: string; token: string }): Promise<PartnerAnswer> {
    const endpoints = await this.#discover(at);
    this.#peerToken = this.#newToken();
    const answer = await this.#send({ method: 'POST', url: urlOf(endpoints, 'credentials'), token: at.token, body: this.#credentials(this.#peerToken) });
    this.#storePeer(answer, { versionsUrl: at.versionsUrl, endpoints });
    return answer;
  }

  /** Sends the node a new token and stores the one that the node returns. */
  async rotate(): Promise<PartnerAnswer> {
    const { versionsUrl, endpoints, token } = this.requirePeer();
    const issued = this.#newToken();
    const before = this.#peerToken;
    this.#peerToken = issued;
    const answer = await this.#send({ method: 'PUT', url: urlOf(endpoints, 'credentials'), token, body: this.#credentials(issued) });
    if (answer.http >= 300) this.#peerToken = before;
    else this.#storePeer(answer, { versionsUrl, endpoints });
    return answer;
  }

  /** Sends DELETE credentials and forgets the peer. */
  async unregister(): Promise<PartnerAnswer> {
    const { endpoints, token } = this.requirePeer();
    const answer = await this.#send({ method: 'DELETE', url: urlOf(endpoints, 'credentials'), token });
    this.#forget();
    return answer;
  }

  /** The peer; throws when there is none. */
  requirePeer(): Peer {
    if (!this.peer) throw new Error('No credentials have been exchanged yet: call register, or let the node register with an invite.');
    return this.peer;
  }

  /** Checks the token of a request and answers versions, details and credentials; `functional` answers every other module. */
  async receive(module: ModuleName, request: RoutedRequest, functional: () => PartnerReply | Promise<PartnerReply>): Promise<PartnerReply> {
    const isConfiguration = module === 'versions' || module === 'details' || module === 'credentials';
    const isKnown = (token: string) => token === this.#peerToken || (isConfiguration && this.#invitations.has(token));
    const read = this.#readsRawTokenOnly ? request.tokens.slice(-1) : request.tokens;
    if (!read.some(isKnown)) return { http: 401, code: 2000 };
    if (module === 'versions') return this.#versions();
    if (module === 'details') return this.#details();
    return module === 'credentials' ? this.#receiveCredentials(request) : functional();
  }

  #versions(): PartnerReply {
    const own = { version: this.#options.edition, url: this.#options.server.url('details') };
    return { http: 200, code: 1000, data: [own, ...this.#options.extraVersions] };
  }

  #details(): PartnerReply {
    const credentials = { identifier: 'credentials', role: 'SENDER', url: this.#options.server.url('credentials') };
    return { http: 200, code: 1000, data: { version: this.#options.edition, endpoints: [credentials, ...this.#options.endpoints()] } };
  }

  async #receiveCredentials({ request, body, tokens }: RoutedRequest): Promise<PartnerReply> {
    const invitation = tokens.find((token) => this.#invitations.has(token));
    switch (request.method) {
      case 'GET':
        return { http: 200, code: 1000, data: this.#credentials(tokens[0] ?? '') };
      case 'POST':
        return invitation === undefined ? { http: 405, code: 2000 } : this.#accept(fieldsOf(body), invitation);
      case 'PUT':
        return invitation === undefined ? this.#accept(fieldsOf(body), undefined) : { http: 405, code: 2000 };
      case 'DELETE':
        this.#forget();
        return { http: 200, code: 1000 };
      default:
        return { http: 405, code: 2000 };
    }
  }

  async #accept(theirs: Record<string, unknown>, invitation: string | undefined): Promise<PartnerReply> {
    const at = { versionsUrl: textOf(theirs.url), token: textOf(theirs.token) };
    const endpoints = await this.#discover(at).catch(() => undefined);
    if (!endpoints) return { http: 200, code: 3001 };
    if (invitation !== undefined) this.#invitations.delete(invitation);
    this.#peerToken = this.#newToken();
    this.peer = { ...at, endpoints, roles: rolesOf(theirs.roles) };
    return { http: 200, code: 1000, data: this.#credentials(this.#peerToken) };
  }

  async #discover({ versionsUrl, token }: { versionsUrl: string; token: string }): Promise<Endpoint[]> {
    const versions = await this.#send({ method: 'GET', url: versionsUrl, token });
    const chosen = listOf(versions.data).find(({ version }) => version === this.#options.edition);
    if (!chosen) throw new Error(`No OCPI ${this.#options.edition} at ${versionsUrl}: HTTP ${versions.http} ${versions.text.slice(0, 200)}`);
    const details = await this.#send({ method: 'GET', url: textOf(chosen.url), token });
    return listOf(fieldsOf(details.data).endpoints).map(({ identifier, role, url }) => ({
      identifier: textOf(identifier),
      role: role === 'RECEIVER' ? 'RECEIVER' : 'SENDER',
      url: textOf(url),
    }));
  }

  #storePeer(answer: PartnerAnswer, { versionsUrl, endpoints }: Pick<Peer, 'versionsUrl' | 'endpoints'>): void {
    const theirs = fieldsOf(answer.data);
    if (answer.http < 300 && textOf(theirs.token)) this.peer = { token: textOf(theirs.token), versionsUrl, endpoints, roles: rolesOf(theirs.roles) };
  }

  #forget(): void {
    this.peer = undefined;
    this.#peerToken = undefined;
  }

  #credentials(token: string): object {
    const { server, role, moreRoles = [], extraCredentials } = this.#options;
    return { token, url: server.url('versions'), roles: [role, ...moreRoles], ...extraCredentials?.() };
  }

  #newToken = () => this.#options.random.text(32);

  #send(request: { method: string; url: string; token: string; body?: object }): Promise<PartnerAnswer> {
    return send({ ...request, rawToken: this.#options.rawToken });
  }
}

function urlOf(endpoints: readonly Endpoint[], identifier: string): string {
  const found = endpoints.find((endpoint) => endpoint.identifier === identifier);
  if (!found) throw new Error(`The node offers no ${identifier}; it offers ${endpoints.map((endpoint) => endpoint.identifier).join(', ')}.`);
  return found.url;
}

function rolesOf(value: unknown): PartnerRole[] {
  return listOf(value).map(({ role, country_code, party_id, business_details }) => ({
    role: textOf(role),
    country_code: textOf(country_code),
    party_id: textOf(party_id),
    business_details: { name: textOf(fieldsOf(business_details).name) },
  }));
}
