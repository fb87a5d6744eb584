import { text } from '../text/text.ts';
import type { ApiError } from './api-client.ts';
import { found, reasonText } from './labels.ts';

/** What the page says for an error: a sentence in the reader's language, the words of the node or of a peer, and the code of the API. */
export interface ErrorText {
  text: string;
  detail?: string;
  code?: string;
}

/** A refusal of these codes is decided before anything leaves the node. */
const NOT_SENT = new Set(['REJECTED', 'NOT_SUPPORTED', 'TOO_OFTEN', 'UNKNOWN_SESSION', 'NOT_CONNECTED']);

/** An error of the operator API for its user. */
export function errorText({ code, message, allowed }: ApiError): ErrorText {
  const { errors } = text();
  if (code === 'UNREACHABLE') return { text: errors.unreachable };
  if (NOT_SENT.has(code)) return { text: errors.notSent, detail: sentence(message) };
  const values = allowed === undefined || message.includes(allowed) ? '' : ` ${errors.allowed(allowed)}`;
  return { text: found(errors.codes, code) ?? errors.unknown, detail: `${sentence(message)}${values}`, code };
}

/** An error of signing in. */
export function signInErrorText(error: ApiError): ErrorText {
  if (error.code === 'UNAUTHENTICATED') return { text: text().errors.wrongPassword };
  if (error.code === 'CODE_NEEDED') return { text: text().errors.codeNeeded };
  return errorText(error);
}

/** An error of registering at a peer, by the step that failed. An HTTP status 4xx at the first step means the token or the URL. */
export function registrationErrorText(error: ApiError): ErrorText {
  const [, step, reason, answer] = /^([a-z ]+): ([a-z]+(?:_\w+)?)(?:: (.*))?$/s.exec(error.message) ?? [];
  const stepName = step === undefined ? undefined : found(text().registrationSteps, step);
  if (stepName === undefined || reason === undefined) return errorText(error);
  const { registration, tokenRefused, theirAnswer } = text().errors;
  return {
    text: step === 'versions' && reason === 'http_4xx' ? tokenRefused : registration(stepName, reasonText(reason)),
    ...(answer !== undefined && { detail: theirAnswer(withFullStop(answer)) }),
    code: reason,
  };
}

const withFullStop = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);
const sentence = (words: string): string => `${words.slice(0, 1).toUpperCase()}${withFullStop(words.slice(1))}`;
