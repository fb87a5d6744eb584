import type { ApiAnswer, ApiError } from '../data/api-client.ts';
import { type ErrorText, errorText } from '../data/error-text.ts';

interface AnswerNoticeProps {
  answer: ApiAnswer<unknown> | undefined;
  /** The text when the request succeeded. */
  success: string;
  /** The text of an error, where the usual one does not fit. */
  textOf?: (error: ApiError) => ErrorText;
}

/** The result of a request, next to the button that sent it; nothing before there is an answer. */
export function AnswerNotice({ answer, success, textOf = errorText }: AnswerNoticeProps) {
  if (!answer) return null;
  if (answer.ok)
    return (
      <p class="said good" role="status">
        {success}
      </p>
    );
  const { text, code } = textOf(answer);
  return (
    <p class="said bad" role="alert">
      {text} {code !== undefined && <span class="mono">{code}</span>}
    </p>
  );
}
