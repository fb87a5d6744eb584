import { text } from '../text/text.ts';
import { callApi, segment } from './api-client.ts';
import type { Listed, PeerView, SessionView, StationView } from './api-types.ts';
import { type Command, queryOf, readCommand, verbsFor } from './command.ts';
import { pathTo } from './route.ts';
import { pageShortcuts } from './shortcuts.ts';

/** One line of the palette: it completes the text, or opens a page. */
export interface Suggestion {
  label: string;
  detail: string;
  completes?: string;
  opens?: string;
}

/** Most lines of each kind. */
const MOST = 6;
const begins = (name: string, typed: string) => name.toUpperCase().startsWith(typed.toUpperCase());

/** What the palette offers for a text before the node has answered: verbs and pages. */
export function ownSuggestions(typed: string): readonly Suggestion[] {
  const verbs = verbsFor(typed.trim()).map((verb): Suggestion => ({ label: verb, detail: text().palette.verbs[verb], completes: `${verb} ` }));
  const { is, target } = readCommand(typed);
  if (is !== 'go') return verbs;
  const pages = pageShortcuts.filter(({ page }) => begins(text().nav[page], target) || begins(page, target));
  return [...verbs, ...pages.map(({ page, to }): Suggestion => ({ label: text().nav[page], detail: text().palette.page, opens: pathTo(...to) }))];
}

/** What the node has with the name in a text. */
export async function nodeSuggestions(typed: string, signal: AbortSignal): Promise<readonly Suggestion[]> {
  const command = readCommand(typed);
  if (command.is === 'halt' || command.is === 'resume') return await parties(command, signal);
  if (command.is !== 'go') return await sessions(command, signal);
  if (command.target === '') return [];
  return (await Promise.all([sessions(command, signal), stations(command.target, signal), parties(command, signal)])).flat();
}

async function itemsOf<T>(path: string, query: Readonly<Record<string, string | number>>, signal: AbortSignal): Promise<readonly T[]> {
  const answer = await callApi<Listed<T>>(path, { query, signal, background: true });
  return answer.ok ? answer.value.items : [];
}

/** Acts are about running sessions; any session can be opened. */
async function sessions(command: Command, signal: AbortSignal): Promise<readonly Suggestion[]> {
  const { target } = command;
  const query = { ...(target !== '' && { q: target.slice(0, 64) }), ...(command.is !== 'go' && { status: 'ACTIVE' }), limit: MOST };
  const search = new URLSearchParams(queryOf(command)).toString();
  return (await itemsOf<SessionView>('sessions', query, signal)).map(({ key, station, session }) => ({
    label: [session.evse_uid, session.cdr_token?.uid].filter((it) => it !== undefined).join(' · '),
    detail: `${text().palette.acts[command.is]} ${station === undefined ? key : `${station}, ${key}`}`,
    opens: `${pathTo('sessions', key)}${search === '' ? '' : `?${search}`}`,
  }));
}

async function stations(target: string, signal: AbortSignal): Promise<readonly Suggestion[]> {
  const all = await itemsOf<StationView>('stations', {}, signal);
  return all
    .filter(({ id }) => begins(id, target))
    .slice(0, MOST)
    .map(({ id }) => ({ label: id, detail: text().palette.station, opens: pathTo('stations', id) }));
}

async function parties(command: Command, signal: AbortSignal): Promise<readonly Suggestion[]> {
  const all = await itemsOf<PeerView>('peers', {}, signal);
  const acts = command.is === 'halt' || command.is === 'resume';
  return all
    .flatMap((peer) => [...new Set(peer.roles.map((it) => `${it.country_code}*${it.party_id}`))].map((party) => ({ peer: peer.id, party })))
    .filter(({ party }) => begins(party, command.target))
    .slice(0, MOST)
    .map(({ peer, party }) => ({
      label: party,
      detail: acts ? `${text().palette.acts[command.is]} ${party}` : text().palette.party,
      opens: `${pathTo('parties', peer)}${acts ? `?act=${command.is}&party=${segment(party)}` : ''}`,
    }));
}
