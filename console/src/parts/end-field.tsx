import { nextMoment, timeOfDay } from '../data/acts.ts';
import { nodeNow } from '../data/node-clock.ts';
import { text } from '../text/text.ts';

/** When something ends: after so many minutes, at a moment (epoch seconds), or not by itself. */
export interface End {
  minutes: number | undefined;
  until: number | undefined;
}

/** Minutes from now until an end; undefined: it has none. */
export const minutesUntil = ({ minutes, until }: End): number | undefined => (until === undefined ? minutes : (until - nodeNow()) / 60);

interface EndFieldProps {
  end: End;
  /** What the choice without an end is called. */
  open: string;
  /** Minutes, when the user chooses a duration. */
  usual: number;
  onChange(end: End): void;
}

/** The end of a limit: for some minutes, until a time of day, or open. */
export function EndField({ end, open, usual, onChange }: EndFieldProps) {
  const texts = text().acts.end;
  const { minutes, until } = end;
  const chosen = until !== undefined ? 'until' : minutes !== undefined ? 'for' : 'open';
  const button = (is: typeof chosen, name: string, next: () => End) => (
    <button type="button" class="button slim" aria-pressed={chosen === is} onClick={() => onChange(next())}>
      {name}
    </button>
  );
  // The next whole quarter of an hour that is at least that far away.
  const quarter = () => Math.ceil((nodeNow() + (minutes ?? usual) * 60) / 900) * 900;
  return (
    <fieldset class="row" aria-label={texts.label}>
      <span class="segments">
        {button('for', texts.for, () => ({ minutes: Math.max(1, Math.round(minutesUntil(end) ?? usual)), until: undefined }))}
        {button('until', texts.until, () => ({ minutes: undefined, until: until ?? quarter() }))}
        {button('open', open, () => ({ minutes: undefined, until: undefined }))}
      </span>
      {chosen === 'for' && (
        <>
          <input
            class="input narrow"
            type="number"
            min={1}
            max={10080}
            step="any"
            aria-label={texts.duration}
            value={minutes ?? ''}
            onInput={(event) => onChange({ minutes: event.currentTarget.valueAsNumber, until: undefined })}
          />
          <span class="small soft">{texts.minutes}</span>
        </>
      )}
      {chosen === 'until' && (
        <input
          class="input time"
          type="time"
          required
          aria-label={texts.time}
          value={timeOfDay(until ?? nodeNow())}
          onInput={(event) => {
            const next = nextMoment(event.currentTarget.value, nodeNow());
            if (next !== undefined) onChange({ minutes: undefined, until: next });
          }}
        />
      )}
    </fieldset>
  );
}

/** The reason of an act, in the user's own words. */
export function ReasonField({ value, onChange }: { value: string; onChange(reason: string): void }) {
  const { reason, reasonHelp } = text().acts;
  return (
    <label class="field">
      <span>{reason}</span>
      <input class="input" maxLength={200} value={value} title={reasonHelp} onInput={(event) => onChange(event.currentTarget.value)} />
    </label>
  );
}
