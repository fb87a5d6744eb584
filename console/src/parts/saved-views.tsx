import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi, segment } from '../data/api-client.ts';
import { useResource } from '../data/resource.ts';
import { navigate, pathTo } from '../data/route.ts';
import { text } from '../text/text.ts';
import { AnswerNotice } from './answer-notice.tsx';

interface View {
  list: string;
  name: string;
  query: string;
}

/** The filters of a list as text, in one order, so that equal filters are equal texts. */
const printed = (query: Readonly<Record<string, string | undefined>>): string =>
  new URLSearchParams(Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))).toString();

/** The views that the user has saved for a list, each as a button; and a form that saves the filters that are chosen. */
export function SavedViews({ list, query }: { list: string; query: Readonly<Record<string, string | undefined>> }) {
  const texts = text().list.views;
  const views = useResource<{ items: View[] }>('views');
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const [failure, setFailure] = useState<ApiAnswer<unknown> | undefined>(undefined);
  const chosen = printed(query);
  const mine = (views.value?.items ?? []).filter((it) => it.list === list);
  const current = mine.find((it) => it.query === chosen);
  const change = async (method: 'PUT' | 'DELETE', of: string) => {
    const answer = await callApi(`views/${list}/${segment(of)}`, { method, ...(method === 'PUT' && { body: { query: chosen } }) });
    setFailure(answer.ok ? undefined : answer);
    if (answer.ok) setNaming(false);
    views.reload();
  };
  const save = (event: Event) => {
    event.preventDefault();
    if (name.trim() !== '') void change('PUT', name.trim());
  };
  if (mine.length === 0 && chosen === '') return null;
  return (
    <section class="row views" aria-label={texts.title}>
      {mine.map((it) => (
        <button key={it.name} type="button" class="button slim" aria-pressed={it === current} onClick={() => navigate(`${pathTo(list)}?${it.query}`)}>
          {it.name}
        </button>
      ))}
      {current && (
        <button type="button" class="button slim" onClick={() => change('DELETE', current.name)}>
          {texts.remove(current.name)}
        </button>
      )}
      {!current && chosen !== '' && !naming && (
        <button type="button" class="button slim" onClick={() => setNaming(true)}>
          {texts.save}
        </button>
      )}
      {naming && (
        <form class="row" onSubmit={save}>
          <input
            class="input narrow-select"
            aria-label={texts.name}
            placeholder={texts.name}
            maxLength={60}
            required
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <button type="submit" class="button slim">
            {texts.save}
          </button>
        </form>
      )}
      {failure && <AnswerNotice answer={failure} success="" />}
    </section>
  );
}
