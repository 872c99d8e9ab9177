const kPaths = {
  home: 'M4 11 12 4l8 7v8.5a.5.5 0 0 1-.5.5H15v-6H9v6H4.5a.5.5 0 0 1-.5-.5z',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4.5 4.5',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4',
  chat: 'M4 5h16v11H10l-4.5 4v-4H4z',
  plus: 'M12 5v14M5 12h14',
  up: 'M7 11v9H4v-9zM7 11l4-7c1.7 0 2.5 1.2 2.2 2.8L12.6 10H18a2 2 0 0 1 2 2.3l-1 6A2 2 0 0 1 17 20H7',
  down: 'M17 13V4h3v9zM17 13l-4 7c-1.7 0-2.5-1.2-2.2-2.8l.6-3.2H6a2 2 0 0 1-2-2.3l1-6A2 2 0 0 1 7 4h10',
  reply: 'M10 6 4 12l6 6v-4c5 0 8 1.5 10 5 0-6-3-10-10-10z',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  pin: 'M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v6',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M13 4.5v5M7 14.5v5',
  logout: 'M14 4H5v16h9M10 12h10M17 8.5 20.5 12 17 15.5',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c0-4 3-6 7.5-6s7.5 2 7.5 6',
  users: 'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 19.5c0-3.5 2.5-5 6.5-5s6.5 1.5 6.5 5M16 5.5a3.2 3.2 0 0 1 0 6M18 14.8c2.3.6 3.5 2 3.5 4.7',
  shield: 'M12 3.5 19 6v6c0 4.5-3 7-7 8.5-4-1.500-7-4-7-8.500V6z',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.500 10 17.500 19.500 7',
  more: 'M5.500 12h-1M12.500 12h-1M19.500 12h-1',
  send: 'M4 11.500 20 4l-5 16-3.500-6.500zM11.500 13.500 20 4',
  comment: 'M5 5h14v11h-6l-4 3.500V16H5z',
  back: 'M15 5l-7 7 7 7',
  minimise: 'M5 18h14',
  expand: 'M6 14l6-6 6 6',
  bold: 'M7 5h6a3.500 3.500 0 0 1 0 7H7zM7 12h7a3.500 3.500 0 0 1 0 7H7z',
  italic: 'M10 5h7M7 19h7M14 5l-4 14',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  quote: 'M5 6v12M9 8h10M9 12h10M9 16h6',
  code: 'M8 7l-5 5 5 5M16 7l5 5-5 5',
  list: 'M9 6h11M9 12h11M9 18h11M4.500 6h.01M4.500 12h.01M4.500 18h.01',
  sliders: 'M5 6h14M5 12h9M5 18h5',
  heart: 'M12 20S4 15 4 9.500A4.500 4.500 0 0 1 12 7a4.500 4.500 0 0 1 8 2.500C20 15 12 20 12 20z',
  off: 'M12 4v8M7.500 6.500a7.500 7.500 0 1 0 9 0',
  restore: 'M5 5v5h5M5.500 10A7.500 7.500 0 1 1 5 14.500',
} as const;

export type IconName = keyof typeof kPaths;

/** A line drawing of 24 units; decoration, so its meaning must also be in text. */
export function Icon({ name, filled = false }: { name: IconName; filled?: boolean }) {
  return (
    <svg class={filled ? 'stoa-icon stoa-icon-filled' : 'stoa-icon'} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={kPaths[name]} />
    </svg>
  );
}
