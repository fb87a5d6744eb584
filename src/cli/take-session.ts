import { sessionLabel } from '../domain/session-name.ts';
import type { connect } from './find-api.ts';

/** The session that a typed name means, and how the command names it: `session 17 at CP001-1 (NL*EVK*17)`. */
export interface TakenSession {
  key: string;
  label: string;
}

/** Asks the node which session a name means. No session, or several, is a CliError that says what was searched or which sessions there are. */
export async function takeSession({ client, routes }: Awaited<ReturnType<typeof connect>>, name: string): Promise<TakenSession> {
  const { key, session } = await client.send(routes.getNamedSession, { query: { name } });
  return { key, label: `session ${sessionLabel({ key, id: session.id, evseUid: session.evse_uid })}` };
}
