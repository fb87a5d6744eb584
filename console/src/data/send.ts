import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi, type RequestOptions } from './api-client.ts';

/** The last answer to a form or button, with the text of its success. */
export interface Sent {
  answer: ApiAnswer<unknown>;
  success: string;
}

/** Sends requests that change something, and keeps the last answer. `onDone` is called after each. */
export function useSend(onDone: () => void) {
  const [sent, setSent] = useState<Sent | undefined>(undefined);
  const [sending, setSending] = useState(false);
  async function send<T>(path: string, options: RequestOptions, success: string): Promise<T | undefined> {
    setSending(true);
    const answer = await callApi<T>(path, options);
    setSending(false);
    setSent({ answer, success });
    onDone();
    return answer.ok ? answer.value : undefined;
  }
  return { sent, sending, send };
}
