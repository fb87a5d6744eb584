import { ok, type Result } from '../../../domain/result.ts';
import type { SessionKnowledge } from '../../../domain/why/known.ts';
import { type Input, inputsOf } from '../../../store/sql/input.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Context } from '../../core/context.ts';
import type { Keys } from '../../operators/keys.ts';
import type { Users } from '../../operators/users.ts';
import { ownIssuers } from '../masks.ts';
import type { Refusal } from '../refusal.ts';
import { createKnowledgeReader, type Names } from './read-knowledge.ts';
import type { SessionView, WhyView } from './schemas.ts';
import type { HeardOf } from './view-attention.ts';
import { type AnySession, viewSession } from './view-session.ts';
import { viewWhy } from './view-why.ts';

/** Shows sessions to the operator, with the limit that holds now and what holds them back: the same wherever a session is shown. */
export interface SessionViewer {
  view(sessions: readonly AnySession[], inputsOfAll: (session: AnySession) => readonly Input[]): Promise<SessionView[]>;
  /** What is known of the limits of sessions. */
  known(sessions: readonly { session: AnySession; inputs: readonly Input[] }[]): Promise<SessionKnowledge[]>;
  /** One session, with its profiles as they are in the store. */
  viewOne(session: AnySession): Promise<SessionView>;
  why(session: AnySession): Promise<Result<WhyView, Refusal>>;
}

/** What the viewer needs: users and keys for the names of those who set profiles. */
export interface SessionViewerDependencies {
  context: Pick<Context, 'store' | 'clock' | 'config'>;
  roles: Pick<Roles, 'cpo' | 'remote' | 'scsp'>;
  users: Pick<Users, 'all'>;
  keys: Pick<Keys, 'all'>;
}

export function createSessionViewer({ context, roles, users, keys }: SessionViewerDependencies): SessionViewer {
  const { store, config } = context;
  const heardOf: HeardOf = (station) => roles.cpo?.heard.of(station); // a node without charge points of its own hears none
  const reader = createKnowledgeReader({ context, roles });

  /** Reads the names once, when a profile has an author. */
  function namesOnce(): Names {
    let read: Promise<ReadonlyMap<string, string>> | undefined;
    const all = async () => new Map([...(await users.all()), ...(await keys.all())].map(({ id, name }) => [id, name]));
    return () => {
      read ??= all();
      return read;
    };
  }

  async function viewWith(session: AnySession, inputs: readonly Input[], names: Names): Promise<SessionView> {
    const known = await reader.read(session, inputs, names);
    const hasAuthor = inputs.some(({ author }) => author !== undefined);
    const csms = csmsInputsAt(roles, session);
    return viewSession(session, inputs, { known, issuers: ownIssuers(config), heardOf, csms, ...(hasAuthor && { names: await names() }) });
  }

  return {
    view: (sessions, inputsOfAll) => {
      const names = namesOnce();
      return Promise.all(sessions.map((it) => viewWith(it, inputsOfAll(it), names)));
    },
    known: (sessions) => {
      const names = namesOnce();
      return Promise.all(sessions.map((it) => reader.read(it.session, it.inputs, names)));
    },
    viewOne: async (session) => viewWith(session, await store.all(inputsOf(session.key)), namesOnce()),
    why: async (session) => ok(viewWhy(session.key, await reader.readWhole(session, await store.all(inputsOf(session.key)), namesOnce()))),
  };
}

/** What the CSMS behind this node has set for a session at its own charge point. */
function csmsInputsAt({ cpo }: Pick<Roles, 'cpo'>, { station, evseUid, transactionId }: AnySession) {
  const evse = evseUid === undefined ? undefined : cpo?.evses.byUid(evseUid)?.evse;
  return station === undefined || !evse ? undefined : cpo?.csmsProfiles.inputsAt(station, { evse, transactionId });
}
