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
  if (code === 'UNREACHABLE') return { text: 'No connection to the node.' };
  if (NOT_SENT.has(code)) return { text: `Nothing was sent: ${withFullStop(message)}` };
  const values = allowed === undefined || message.includes(allowed) ? '' : ` Allowed: ${allowed}.`;
  return { text: `${sentence(message)}${values}`, code };
}

/** An error of signing in. */
export function signInErrorText(error: ApiError): ErrorText {
  if (error.code === 'UNAUTHENTICATED') return { text: 'Wrong name, password or code.' };
  if (error.code === 'CODE_NEEDED') return { text: 'Enter the six digits that your authenticator app shows now.' };
  return errorText(error);
}

/** An error of registering at a peer. An HTTP status 4xx at the first step means the token or the URL. */
export function registrationErrorText(error: ApiError): ErrorText {
  const refused = /^versions: http_4xx(?:: (.*))?$/s.exec(error.message);
  if (!refused) return errorText(error);
  const answer = refused[1] === undefined ? '' : ` Their answer: ${withFullStop(refused[1])}`;
  return { text: `Their platform did not accept this token or this URL. Is the token used already, or mistyped?${answer}` };
}

const withFullStop = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${withFullStop(text.slice(1))}`;
