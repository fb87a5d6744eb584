import type { ApiAnswer } from '../data/api-client.ts';

/** What came of an act, in place: what the node said, or how it refused and what is allowed. */
export function AnswerNotice({ answer, good }: { answer: ApiAnswer<unknown> | undefined; good: string }) {
  if (!answer) return null;
  if (answer.ok)
    return (
      <p class="said good" role="status">
        {good}
      </p>
    );
  return (
    <p class="said bad" role="alert">
      {answer.message}
      {answer.allowed !== undefined && !answer.message.includes(answer.allowed) && <> Allowed: {answer.allowed}.</>} <span class="mono">{answer.code}</span>
    </p>
  );
}
