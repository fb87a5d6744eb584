import type { ProfileDraft } from '../data/profile-draft.ts';
import { amperesOf, amperesUnit, currentText, type EvseRating, powerText, wattsOf } from '../data/quantity.ts';
import { text } from '../text/text.ts';

interface ProfileFormProps {
  draft: ProfileDraft;
  rating: EvseRating | undefined;
  /** Why the draft cannot be sent. */
  problem: string | undefined;
  busy: boolean;
  onSend(): void;
}

/** The form for a charging profile: unit, periods and duration. The same draft can be drawn on the chart. */
export function ProfileForm({ draft, rating, problem, busy, onSend }: ProfileFormProps) {
  const { state, change, reset } = draft;
  const send = (event: Event) => {
    event.preventDefault();
    if (problem === undefined && !busy) onSend();
  };
  const switchUnit = (unit: 'A' | 'W') => {
    if (unit === state.unit) return;
    const convert = (limit: number) => (!rating ? limit : unit === 'W' ? Math.round(wattsOf(limit, rating)) : Math.floor(amperesOf(limit, rating)));
    change({ unit, periods: state.periods.map((it) => ({ ...it, limit: convert(it.limit) })) });
  };
  return (
    <form class="form" onSubmit={send}>
      <div class="row spread">
        <fieldset class="segments" aria-label={text().profile.unit}>
          <button type="button" class="button slim" aria-pressed={state.unit === 'A'} onClick={() => switchUnit('A')}>
            {amperesUnit(rating)}
          </button>
          <button type="button" class="button slim" aria-pressed={state.unit === 'W'} onClick={() => switchUnit('W')}>
            {rating?.dc ? 'W' : text().profile.wattsTotal}
          </button>
        </fieldset>
        <button type="button" class="button slim" aria-pressed={state.drawing} onClick={() => change({ drawing: !state.drawing })}>
          {text().profile.draw}
        </button>
      </div>
      {state.drawing && <p class="small soft">{text().profile.drawHelp}</p>}
      <Periods draft={draft} rating={rating} />
      {mayPause(state, rating) && <p class="small soft">{text().profile.pauses}</p>}
      <div class="row">
        <label class="row small">
          <input
            type="checkbox"
            checked={state.minutes !== undefined}
            onChange={(event) => change({ minutes: event.currentTarget.checked ? Math.max(15, (state.periods.at(-1)?.minute ?? 0) + 15) : undefined })}
          />
          {text().profile.endsAfter}
        </label>
        <input
          class="input narrow"
          type="number"
          min={1}
          max={10080}
          step="any"
          aria-label={text().profile.duration}
          disabled={state.minutes === undefined}
          value={state.minutes ?? ''}
          onInput={(event) => change({ minutes: event.currentTarget.valueAsNumber })}
        />
        <span class="small soft">{state.minutes === undefined ? text().profile.withoutEnd : text().profile.min}</span>
      </div>
      {problem !== undefined && (
        <p class="said warn" role="alert">
          {problem}
        </p>
      )}
      <div class="row">
        <button type="submit" class="button first" disabled={busy || problem !== undefined}>
          {text().profile.set}
        </button>
        {state.changed && (
          <button type="button" class="button" onClick={reset}>
            {text().profile.discard}
          </button>
        )}
      </div>
    </form>
  );
}

function Periods({ draft: { state, change }, rating }: { draft: ProfileDraft; rating: EvseRating | undefined }) {
  const { periods, unit } = state;
  const update = (at: number, part: Partial<{ minute: number; limit: number }>) =>
    change({ periods: periods.map((it, n) => (n === at ? { ...it, ...part } : it)) });
  const add = () =>
    change({
      periods: [...periods, { minute: (periods.at(-1)?.minute ?? 0) + 15, limit: periods.at(-1)?.limit ?? 0 }],
      ...(state.minutes !== undefined && { minutes: state.minutes + 15 }),
    });
  return (
    <fieldset class="periods">
      <legend>{text().profile.periods}</legend>
      {periods.map(({ minute, limit }, at) => (
        <div class="row" key={at}>
          <span class="small soft">{text().profile.from}</span>
          <input
            class="input narrow"
            type="number"
            min={0}
            step="any"
            aria-label={text().profile.startOf(at + 1)}
            disabled={at === 0}
            value={minute}
            onInput={(event) => update(at, { minute: event.currentTarget.valueAsNumber })}
          />
          <span class="small soft">{text().profile.minutes}</span>
          <input
            class="input narrow"
            type="number"
            min={0}
            step="any"
            aria-label={text().profile.limitOf(at + 1, unit)}
            value={limit}
            onInput={(event) => update(at, { limit: event.currentTarget.valueAsNumber })}
          />
          <span class="small soft">
            {unit}
            {rating && Number.isFinite(limit) && ` ≈ ${converted(limit, unit, rating)}`}
          </span>
          {at > 0 && (
            <button
              type="button"
              class="button slim"
              aria-label={text().profile.remove(at + 1)}
              onClick={() => change({ periods: periods.filter((_, n) => n !== at) })}
            >
              ✕
            </button>
          )}
        </div>
      ))}
      <button type="button" class="button slim" onClick={add}>
        {text().profile.add}
      </button>
    </fieldset>
  );
}

/** The limit in the other unit. */
const converted = (limit: number, unit: 'A' | 'W', rating: EvseRating): string =>
  unit === 'A'
    ? powerText(wattsOf(limit, rating))
    : rating.dc
      ? currentText(amperesOf(limit, rating))
      : text().profile.perPhase(currentText(amperesOf(limit, rating)));

/** On AC a car charges with at least 6 A (IEC 61851-1). A limit of 0 pauses it on purpose. */
function mayPause({ unit, periods }: ProfileDraft['state'], rating: EvseRating | undefined): boolean {
  if (rating?.dc) return false;
  return periods.some(({ limit }) => {
    const amperes = unit === 'A' ? limit : rating ? amperesOf(limit, rating) : 0;
    return amperes > 0 && amperes < 6;
  });
}
