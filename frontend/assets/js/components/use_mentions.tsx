import type { RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Schemas, Sdk } from '@stoa/sdk';
import { ask } from '../api/problem';
import { announce } from './announcer';
import { Avatar } from './avatar';

const kTrigger = /(?:^|[\s(])@([A-Za-z0-9_-]{1,20})$/;
const kAfterMs = 150;
const kShown = 5;

/** Completion of `@names` while typing. */
export function useMentions(sdk: Sdk, area: RefObject<HTMLTextAreaElement | null>, change: (value: string) => void) {
  const [people, setPeople] = useState<readonly Schemas['PublicUser'][]>([]);
  const [chosen, setChosen] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const typedName = () => {
    const element = area.current;
    return element ? kTrigger.exec(element.value.slice(0, element.selectionStart))?.[1] : undefined;
  };
  const typed = () => {
    clearTimeout(timer.current);
    const name = typedName();
    if (!name) return setPeople([]);
    timer.current = setTimeout(() => {
      void ask(sdk.api.GET('/api/v1/users', { params: { query: { q: name, limit: kShown } } })).then(
        ({ data }) => {
          if (typedName() !== name) return;
          setPeople(data.items.slice(0, kShown));
          setChosen(0);
          if (data.items.length) announce(`${data.items.length} names, ${data.items[0]?.nickname} first`);
        },
        () => setPeople([]),
      );
    }, kAfterMs);
  };
  const complete = (nickname: string) => {
    const element = area.current;
    const name = typedName();
    setPeople([]);
    if (!element || !name) return;
    element.focus();
    element.setRangeText(`${nickname} `, element.selectionStart - name.length, element.selectionStart, 'end');
    change(element.value);
  };
  const keyed = (event: KeyboardEvent) => {
    if (!people.length) return;
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const pick = people[chosen];
    if (move) {
      const to = (chosen + move + people.length) % people.length;
      setChosen(to);
      announce(people[to]?.nickname ?? '');
    } else if ((event.key === 'Enter' || event.key === 'Tab') && pick) complete(pick.nickname);
    else if (event.key === 'Escape') setPeople([]);
    else return;
    event.preventDefault();
  };
  const list = people.length > 0 && (
    <ul class="stoa-editor-mentions" aria-label="People">
      {people.map(({ id, nickname, avatar_url }, index) => (
        <li key={id}>
          <button type="button" class="stoa-menu-item" data-chosen={index === chosen || undefined} onPointerDown={(event) => (event.preventDefault(), complete(nickname))}>
            <Avatar name={nickname} url={avatar_url} size="s" />
            {nickname}
          </button>
        </li>
      ))}
    </ul>
  );
  return { typed, keyed, list, left: () => setPeople([]) };
}
