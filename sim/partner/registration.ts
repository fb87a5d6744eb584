import type { Random } from '../random.ts';
import type { PartnerReply, Platform, Visit } from './recording-server.ts';
import { fieldsOf, listOf, type PartnerAnswer, send, textOf } from './wire.ts';

export type Edition = '2.2.1' | '2.3.0';

/** One party as the credentials module shows it. */
export interface PartnerRole {
  role: string;
  country_code: string;
  party_id: string;
  business_details: { name: string };
}

export interface Endpoint {
  identifier: string;
  role: 'SENDER' | 'RECEIVER';
  url: string;
}

/** The platform at the other end, once credentials have been exchanged. */
export interface Peer {
  /** What this partner presents to it. */
  token: string;
  versionsUrl: string;
  endpoints: readonly Endpoint[];
  roles: readonly PartnerRole[];
}

export interface MembershipOptions {
  platform: Platform;
  random: Random;
  edition: Edition;
  role: PartnerRole;
  /** What it says it plays beside its role. */
  moreRoles?: readonly PartnerRole[];
  rawToken: boolean;
  /** Stands over what its credentials say beside token and URL. */
  shown?: () => object;
  modules: () => readonly Endpoint[];
  /** Entries of the versions list beside its own. */
  extraVersions: readonly { version: string; url: string }[];
}

/** Versions and credentials of a foreign party, as server and as client (OCPI 2.2.1 §6, §7). */
export class Membership {
  readonly #it: MembershipOptions;
  #invitations = new Set<string>();
  /** The token that the peer presents here. */
  #issued: string | undefined;
  peer: Peer | undefined;

  constructor(options: MembershipOptions) {
    this.#it = options;
  }

  /** A TOKEN_A and where to use it, for a node that is to register here. */
  invite(): { token: string; versions_url: string } {
    const token = this.#newToken();
    this.#invitations.add(token);
    return { token, versions_url: this.#it.platform.url('versions') };
  }

  /** Registers at a node as OCPI 2.2.1 §7.1.1 tells: versions, details, POST of its own credentials. */
  async register(at: { versionsUrl: string; token: string }): Promise<PartnerAnswer> {
    const found = await this.#discover(at);
    this.#issued = this.#newToken();
    const answer = await this.#send({ method: 'POST', url: urlOf(found, 'credentials'), token: at.token, body: this.#credentials(this.#issued) });
    this.#adopt(answer, { versionsUrl: at.versionsUrl, endpoints: found });
    return answer;
  }

  /** Changes its token, and learns the node's new one. */
  async rotate(): Promise<PartnerAnswer> {
    const { versionsUrl, endpoints, token } = this.known();
    const issued = this.#newToken();
    const before = this.#issued;
    this.#issued = issued;
    const answer = await this.#send({ method: 'PUT', url: urlOf(endpoints, 'credentials'), token, body: this.#credentials(issued) });
    if (answer.http >= 300) this.#issued = before;
    else this.#adopt(answer, { versionsUrl, endpoints });
    return answer;
  }

  /** Ends the exchange. */
  async unregister(): Promise<PartnerAnswer> {
    const { endpoints, token } = this.known();
    const answer = await this.#send({ method: 'DELETE', url: urlOf(endpoints, 'credentials'), token });
    this.#forget();
    return answer;
  }

  /** The peer; an error when there is none. */
  known(): Peer {
    if (!this.peer) throw new Error('No credentials have been exchanged yet: call register, or let the node register with an invite.');
    return this.peer;
  }

  /** Whether a request presents the token that the peer was given, or an invitation where those count. */
  admits(tokens: readonly string[], { invited = false } = {}): boolean {
    return tokens.some((token) => token === this.#issued || (invited && this.#invitations.has(token)));
  }

  versions(): PartnerReply {
    const own = { version: this.#it.edition, url: this.#it.platform.url('details') };
    return { http: 200, code: 1000, data: [own, ...this.#it.extraVersions] };
  }

  details(): PartnerReply {
    const credentials = { identifier: 'credentials', role: 'SENDER', url: this.#it.platform.url('credentials') };
    return { http: 200, code: 1000, data: { version: this.#it.edition, endpoints: [credentials, ...this.#it.modules()] } };
  }

  async credentials({ request, body, tokens }: Visit): Promise<PartnerReply> {
    const invited = tokens.find((token) => this.#invitations.has(token));
    switch (request.method) {
      case 'GET':
        return { http: 200, code: 1000, data: this.#credentials(tokens[0] ?? '') };
      case 'POST':
        return invited === undefined ? { http: 405, code: 2000 } : this.#welcome(fieldsOf(body), invited);
      case 'PUT':
        return invited === undefined ? this.#welcome(fieldsOf(body), undefined) : { http: 405, code: 2000 };
      case 'DELETE':
        this.#forget();
        return { http: 200, code: 1000 };
      default:
        return { http: 405, code: 2000 };
    }
  }

  async #welcome(theirs: Record<string, unknown>, invitation: string | undefined): Promise<PartnerReply> {
    const at = { versionsUrl: textOf(theirs.url), token: textOf(theirs.token) };
    const endpoints = await this.#discover(at).catch(() => undefined);
    if (!endpoints) return { http: 200, code: 3001 };
    if (invitation !== undefined) this.#invitations.delete(invitation);
    this.#issued = this.#newToken();
    this.peer = { ...at, endpoints, roles: rolesOf(theirs.roles) };
    return { http: 200, code: 1000, data: this.#credentials(this.#issued) };
  }

  async #discover({ versionsUrl, token }: { versionsUrl: string; token: string }): Promise<Endpoint[]> {
    const versions = await this.#send({ method: 'GET', url: versionsUrl, token });
    const chosen = listOf(versions.data).find(({ version }) => version === this.#it.edition);
    if (!chosen) throw new Error(`Asked ${versionsUrl} for OCPI ${this.#it.edition}; got HTTP ${versions.http} ${versions.text.slice(0, 200)}`);
    const details = await this.#send({ method: 'GET', url: textOf(chosen.url), token });
    return listOf(fieldsOf(details.data).endpoints).map(({ identifier, role, url }) => ({
      identifier: textOf(identifier),
      role: role === 'RECEIVER' ? 'RECEIVER' : 'SENDER',
      url: textOf(url),
    }));
  }

  #adopt(answer: PartnerAnswer, { versionsUrl, endpoints }: Pick<Peer, 'versionsUrl' | 'endpoints'>): void {
    const theirs = fieldsOf(answer.data);
    if (answer.http < 300 && textOf(theirs.token)) this.peer = { token: textOf(theirs.token), versionsUrl, endpoints, roles: rolesOf(theirs.roles) };
  }

  #forget(): void {
    this.peer = undefined;
    this.#issued = undefined;
  }

  #credentials(token: string): object {
    return { token, url: this.#it.platform.url('versions'), roles: [this.#it.role, ...(this.#it.moreRoles ?? [])], ...this.#it.shown?.() };
  }

  #newToken = () => this.#it.random.text(32);

  #send(request: { method: string; url: string; token: string; body?: object }): Promise<PartnerAnswer> {
    return send({ ...request, rawToken: this.#it.rawToken });
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
