import type { ApiAnswer, ApiError } from '../data/api-client.ts';
import { type ErrorText, errorText } from '../data/error-text.ts';
import { ErrorSentence } from './error-sentence.tsx';

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
  return (
    <p class="said bad" role="alert">
      <ErrorSentence of={textOf(answer)} />
    </p>
  );
}
