import type { ErrorText } from '../data/error-text.ts';
import { NodeText } from './node-text.tsx';

/** An error: the sentence, then the words of the node or peer and the code, both less prominent. */
export const ErrorSentence = ({ of: { text, detail, code } }: { of: ErrorText }) => (
  <>
    {text}
    {detail !== undefined && (
      <>
        {' '}
        <NodeText>{detail}</NodeText>
      </>
    )}
    {code !== undefined && (
      <>
        {' '}
        <span class="mono small">{code}</span>
      </>
    )}
  </>
);
