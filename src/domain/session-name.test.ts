import { describe, expect, test } from 'vitest';
import { type NamedSession, pickSession, sessionLabel } from './session-name.ts';

const session = (id: string, more: Partial<NamedSession> = {}): NamedSession => ({ key: `NL*EVK*${id.toUpperCase()}`, id, isRunning: true, ...more });

const sessions = [
  session('17', { evseUid: 'CP001-1', evseId: 'NL*EVK*E1', station: 'CP001' }),
  session('18', { evseUid: 'CP002-1', station: 'CP002' }),
  session('19', { evseUid: 'CP002-2', station: 'CP002' }),
  session('20', { evseUid: 'CP001-1', station: 'CP001', isRunning: false }),
  session('0193a1f0-aaaa', { evseUid: 'E9' }),
  session('0193a1f0-bbbb'),
  { ...session('17b'), key: 'DE*ABC*17B' },
  { ...session('twin'), key: 'DE*ABC*TWIN' },
  session('twin'),
  session('E9', { evseUid: 'X' }),
  session('CP007', { isRunning: false }),
];

const keysOf = (typed: string): readonly string[] => {
  const picked = pickSession(typed, sessions);
  if (picked.is === 'NONE') return [];
  return picked.is === 'ONE' ? [picked.session.key] : picked.sessions.map(({ key }) => key);
};

describe('CON-G02: the session that a typed name means', () => {
  const cases: readonly [what: string, typed: string, keys: readonly string[]][] = [
    ['a whole id, which other ids begin with', '17', ['NL*EVK*17']],
    ['a whole key', 'nl*evk*17', ['NL*EVK*17']],
    ['a whole key, also of an ended session', 'NL*EVK*20', ['NL*EVK*20']],
    ['a whole id of an ended session', '20', ['NL*EVK*20']],
    ['an EVSE by its uid: its running session, not the ended one', 'cp001-1', ['NL*EVK*17']],
    ['an EVSE by its EVSE ID', 'NL*EVK*E1', ['NL*EVK*17']],
    ['a charge point with one running session', 'CP001', ['NL*EVK*17']],
    ['a charge point with several', 'CP002', ['NL*EVK*18', 'NL*EVK*19']],
    ['the beginning of one id', '0193a1f0-a', ['NL*EVK*0193A1F0-AAAA']],
    ['the beginning of one id, as a table cuts it', '0193a1f0-a…', ['NL*EVK*0193A1F0-AAAA']],
    ['the beginning of several ids', '0193', ['NL*EVK*0193A1F0-AAAA', 'NL*EVK*0193A1F0-BBBB']],
    ['the beginning of one key', 'DE*ABC*17', ['DE*ABC*17B']],
    ['an id that two parties use', 'TWIN', ['DE*ABC*TWIN', 'NL*EVK*TWIN']],
    ['the id of a session and an EVSE with another one', 'E9', ['NL*EVK*0193A1F0-AAAA', 'NL*EVK*E9']],
    ['an ended session with the name of a charge point', 'cp007', ['NL*EVK*CP007']],
    ['the beginning of an EVSE', 'CP00', ['NL*EVK*CP007']],
    ['nothing', 'none', []],
    ['spaces', '  ', []],
  ];
  test.each(cases)('%s: %s', (_, typed, keys) => expect(keysOf(typed)).toEqual(keys));

  test('a session is shown with its EVSE and its key', () => {
    expect(sessions.slice(0, 1).map(sessionLabel)).toEqual(['17 at CP001-1 (NL*EVK*17)']);
    expect(sessionLabel(session('18'))).toBe('18 (NL*EVK*18)');
  });
});
