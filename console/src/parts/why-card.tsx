import { segment } from '../data/api-client.ts';
import type { EventView, SessionView, WhyView } from '../data/api-types.ts';
import { causeSentence, limitWithOrigin } from '../data/limit-text.ts';
import { useResource } from '../data/resource.ts';
import { text } from '../text/text.ts';
import { Card, Loaded } from './page.tsx';

/** Says in one sentence what holds a running session back, with the limit that is in force and the causes that would follow. */
export function WhyCard({ session }: { session: SessionView }) {
  const refresh = { everySeconds: 10, refreshOn: (it: EventView) => 'session' in it && it.session === session.key };
  const why = useResource<WhyView>(`sessions/${segment(session.key)}/why`, undefined, refresh);
  return (
    <Card title={text().why.card}>
      <Loaded of={why}>{(it) => <Causes why={it} />}</Loaded>
    </Card>
  );
}

function Causes({ why: { verdict, limit, causes } }: { why: WhyView }) {
  const texts = text().why;
  const [first, ...others] = causes;
  if (!first) return null;
  const sentence = causeSentence(first);
  return (
    <div class="stack">
      <p>
        <strong>{verdict === 'full-speed' ? texts.fast(sentence) : sentence}</strong>
      </p>
      <p>
        {texts.inForce}: <span class="number">{limit ? limitWithOrigin(limit) : texts.unknownLimit}</span>
        {limit && !limit.reported && <span class="soft"> ({texts.computed})</span>}
      </p>
      {others.length > 0 && (
        <details>
          <summary>{texts.others}</summary>
          <ol>
            {others.map((it) => (
              <li key={`${it.code} ${it.name}`}>{causeSentence(it)}</li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}
