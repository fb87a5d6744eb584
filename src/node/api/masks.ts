// Hides secrets and personal data in what the API shows (SEC-25).
import { isErased } from '../../domain/personal-data.ts';
import type { OwnSession } from '../../roles/cpo/session.ts';

/** The last characters of a card number: enough to recognise a card, too few to use it. */
export const maskUid = (uid: string): string => `****${uid.length > 8 ? uid.slice(-4) : uid.slice(Math.max(uid.length - 4, Math.ceil(uid.length / 2)))}`;

/** The origin of a URL; its path and query may hold secrets. */
export const maskUrl = (url: string): string => (URL.canParse(url) ? `${new URL(url).origin}/***` : '***');

/** A URL with its query hidden, which may hold a key. */
export const maskQuery = (url: string): string => (url.includes('?') ? `${url.slice(0, url.indexOf('?'))}?***` : url);

/** A session whose card number is masked. */
export const maskSession = (session: OwnSession): OwnSession =>
  session.cdr_token && !isErased(session) ? { ...session, cdr_token: { ...session.cdr_token, uid: maskUid(session.cdr_token.uid) } } : session;
