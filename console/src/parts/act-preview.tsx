import { changeText, limitInWords } from '../data/acts.ts';
import type { ApiAnswer } from '../data/api-client.ts';
import type { ActPreview as Preview } from '../data/console-api-types.ts';
import { listText, powerText } from '../data/quantity.ts';
import { minuteTime, secondsOf } from '../data/time-format.ts';
import { text } from '../text/text.ts';

/** So many EVSEs are named; the others are counted. */
const NAMED = 5;

/** What an act would do, before it is sent. */
export function ActPreview({ answer }: { answer: ApiAnswer<Preview> | undefined }) {
  const { preview } = text().acts;
  return (
    <div class="preview small" aria-live="polite">
      <h3>{preview.title}</h3>
      {!answer ? <p class="soft">{preview.wait}</p> : answer.ok ? <Lines preview={answer.value} /> : <p class="soft">{preview.failed}</p>}
    </div>
  );
}

function Lines({ preview: { replaces, keeps, changes, sums, lost } }: { preview: Preview }) {
  const { preview } = text().acts;
  const named = changes.slice(0, NAMED);
  return (
    <ul>
      {replaces.map(({ by, limit, until }) => (
        <li key={by}>
          {preview.replaces(
            by === 'operator' ? preview.operator : by,
            limitInWords(limit),
            until === undefined ? '' : preview.until(minuteTime(secondsOf(until))),
          )}
        </li>
      ))}
      {keeps.length > 0 && <li>{preview.keeps(listText(keeps))}</li>}
      {named.map(({ evse, from, to }) => (
        <li key={evse} data-evse={evse}>
          {changeText(evse, from, to)}
        </li>
      ))}
      {changes.length > named.length && <li>{preview.more(changes.length - named.length)}</li>}
      {changes.length === 0 && <li>{preview.none}</li>}
      {sums.rises > 0 && <li>{preview.rises(powerText(sums.rises))}</li>}
      {sums.falls > 0 && <li>{preview.falls(powerText(sums.falls))}</li>}
      {lost.length > 0 && <li>{preview.lost(listText(lost))}</li>}
    </ul>
  );
}
