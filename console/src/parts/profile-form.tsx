import type { ProfileDraft } from '../data/profile-draft.ts';
import { amperesOf, currentText, type EvseRating, powerText, wattsOf } from '../data/quantity.ts';

interface ProfileFormProps {
  desk: ProfileDraft;
  outlet: EvseRating | undefined;
  flaw: string | undefined;
  busy: boolean;
  onSend(): void;
}

/** A profile, typed: its unit, its periods, how long it holds; or painted on the chart. */
export function ProfileForm({ desk, outlet, flaw, busy, onSend }: ProfileFormProps) {
  const { state, change, reset } = desk;
  const send = (event: Event) => {
    event.preventDefault();
    if (flaw === undefined && !busy) onSend();
  };
  const turn = (unit: 'A' | 'W') => {
    if (unit === state.unit) return;
    const convert = (limit: number) => (!outlet ? limit : unit === 'W' ? Math.round(wattsOf(limit, outlet)) : Math.floor(amperesOf(limit, outlet)));
    change({ unit, periods: state.periods.map((it) => ({ ...it, limit: convert(it.limit) })) });
  };
  return (
    <form class="form" onSubmit={send}>
      <div class="row spread">
        <fieldset class="segments" aria-label="Unit of the limit">
          <button type="button" class="button slim" aria-pressed={state.unit === 'A'} onClick={() => turn('A')}>
            A per phase
          </button>
          <button type="button" class="button slim" aria-pressed={state.unit === 'W'} onClick={() => turn('W')}>
            W in all
          </button>
        </fieldset>
        <button type="button" class="button slim" aria-pressed={state.drawing} onClick={() => change({ drawing: !state.drawing })}>
          Draw on the chart
        </button>
      </div>
      {state.drawing && <p class="small soft">Press and drag to the right of "now". What you draw stands below as periods, where you can mend it.</p>}
      <Periods desk={desk} outlet={outlet} />
      <div class="row">
        <label class="row small">
          <input
            type="checkbox"
            checked={state.minutes !== undefined}
            onChange={(event) => change({ minutes: event.currentTarget.checked ? Math.max(15, (state.periods.at(-1)?.minute ?? 0) + 15) : undefined })}
          />
          ends after
        </label>
        <input
          class="input narrow"
          type="number"
          min={1}
          max={10080}
          step="any"
          aria-label="Duration, min"
          disabled={state.minutes === undefined}
          value={state.minutes ?? ''}
          onInput={(event) => change({ minutes: event.currentTarget.valueAsNumber })}
        />
        <span class="small soft">min{state.minutes === undefined && ': until the session ends'}</span>
      </div>
      {flaw !== undefined && (
        <p class="said warn" role="alert">
          {flaw}
        </p>
      )}
      <div class="row">
        <button type="submit" class="button first" disabled={busy || flaw !== undefined}>
          Set profile
        </button>
        {state.changed && (
          <button type="button" class="button" onClick={reset}>
            Discard draft
          </button>
        )}
      </div>
    </form>
  );
}

function Periods({ desk: { state, change }, outlet }: { desk: ProfileDraft; outlet: EvseRating | undefined }) {
  const { periods, unit } = state;
  const put = (at: number, part: Partial<{ minute: number; limit: number }>) =>
    change({ periods: periods.map((it, n) => (n === at ? { ...it, ...part } : it)) });
  const add = () =>
    change({
      periods: [...periods, { minute: (periods.at(-1)?.minute ?? 0) + 15, limit: periods.at(-1)?.limit ?? 0 }],
      ...(state.minutes !== undefined && { minutes: state.minutes + 15 }),
    });
  return (
    <fieldset class="periods">
      <legend>Periods</legend>
      {periods.map(({ minute, limit }, at) => (
        <div class="row" key={at}>
          <span class="small soft">from</span>
          <input
            class="input narrow"
            type="number"
            min={0}
            step="any"
            aria-label={`Start of period ${at + 1}, min from now`}
            disabled={at === 0}
            value={minute}
            onInput={(event) => put(at, { minute: event.currentTarget.valueAsNumber })}
          />
          <span class="small soft">min</span>
          <input
            class="input narrow"
            type="number"
            min={0}
            step="any"
            aria-label={`Limit of period ${at + 1}, ${unit}`}
            value={limit}
            onInput={(event) => put(at, { limit: event.currentTarget.valueAsNumber })}
          />
          <span class="small soft">
            {unit}
            {outlet &&
              Number.isFinite(limit) &&
              ` ≈ ${unit === 'A' ? powerText(wattsOf(limit, outlet)) : `${currentText(amperesOf(limit, outlet))} per phase`}`}
          </span>
          {at > 0 && (
            <button
              type="button"
              class="button slim"
              aria-label={`Remove period ${at + 1}`}
              onClick={() => change({ periods: periods.filter((_, n) => n !== at) })}
            >
              ✕
            </button>
          )}
        </div>
      ))}
      <button type="button" class="button slim" onClick={add}>
        Add a period
      </button>
    </fieldset>
  );
}
