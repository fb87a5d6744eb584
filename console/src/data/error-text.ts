import { text } from '../text/text.ts';
import type { ApiError } from './api-client.ts';

/** What the page says for an error: a sentence, and the code only where the sentence is the node's own. */
export interface ErrorText {
  text: string;
  code?: string;
}

/** A refusal of these codes is decided before anything leaves the node. */
const NOT_SENT = new Set(['REJECTED', 'NOT_SUPPORTED', 'TOO_OFTEN', 'UNKNOWN_SESSION', 'NOT_CONNECTED']);

/** An error of the operator API for its user. */
export function errorText({ code, message, allowed }: ApiError): ErrorText {
  if (code === 'UNREACHABLE') return { text: text().errors.unreachable };
  if (NOT_SENT.has(code)) return { text: text().errors.notSent(withFullStop(message)) };
  const values = allowed === undefined || message.includes(allowed) ? '' : ` ${text().errors.allowed(allowed)}`;
  return { text: `${sentence(message)}${values}`, code };
}

/** An error of signing in. */
export function signInErrorText(error: ApiError): ErrorText {
  if (error.code === 'UNAUTHENTICATED') return { text: text().errors.wrongPassword };
  if (error.code === 'CODE_NEEDED') return { text: text().errors.codeNeeded };
  return errorText(error);
}

/** An error of registering at a peer. An HTTP status 4xx at the first step means the token or the URL. */
export function registrationErrorText(error: ApiError): ErrorText {
  const refused = /^versions: http_4xx(?:: (.*))?$/s.exec(error.message);
  if (!refused) return errorText(error);
  const answer = refused[1] === undefined ? '' : ` ${text().errors.theirAnswer(withFullStop(refused[1]))}`;
  return { text: `${text().errors.tokenRefused}${answer}` };
}

const withFullStop = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);
const sentence = (words: string): string => `${words.slice(0, 1).toUpperCase()}${withFullStop(words.slice(1))}`;
