import type { ComponentChildren, Ref } from 'preact';
import { pausingLimit } from '../data/acts.ts';
import { type ProfileDraft, USUAL_MINUTES } from '../data/profile-draft.ts';
import { amperesOf, amperesUnit, currentText, type EvseRating, powerText, wattsOf } from '../data/quantity.ts';
import { text } from '../text/text.ts';
import { EndField, ReasonField } from './end-field.tsx';

interface ProfileFormProps {
  draft: ProfileDraft;
  rating: EvseRating | undefined;
  /** Why the draft cannot be sent. */
  problem: string | undefined;
  busy: boolean;
  reason: string;
  onReason(reason: string): void;
  /** What the draft would do. */
  preview: ComponentChildren;
  onSend(): void;
  sendButton: Ref<HTMLButtonElement>;
}

/** The form for a charging profile: unit, periods and duration. The same draft can be drawn on the chart. */
export function ProfileForm({ draft, rating, problem, busy, reason, onReason, preview, onSend, sendButton }: ProfileFormProps) {
  const { state, change, reset } = draft;
  const endAfterLast = Math.max(USUAL_MINUTES, (state.periods.at(-1)?.minute ?? 0) + USUAL_MINUTES);
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
      {pausingLimit(
        state.periods.map(({ limit }) => limit),
        state.unit,
        rating,
      ) !== undefined && <p class="small soft">{text().profile.pauses}</p>}
      <EndField end={state} open={text().acts.end.openSession} usual={endAfterLast} onChange={change} />
      <ReasonField value={reason} onChange={onReason} />
      {preview}
      {problem !== undefined && (
        <p class="said warn" role="alert">
          {problem}
        </p>
      )}
      <div class="row">
        <button ref={sendButton} type="submit" class="button first" disabled={busy || problem !== undefined}>
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
      ...(state.minutes !== undefined && { minutes: state.minutes + USUAL_MINUTES }),
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
            onFocus={(event) => event.currentTarget.select()}
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
