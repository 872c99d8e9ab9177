const kHues = [12, 32, 88, 148, 176, 204, 226, 258, 288, 330];

/** Initials on a colour that always belongs to the same name. */
export function Avatar({ name, url, size = 'm' }: { name: string; url?: string | null | undefined; size?: 's' | 'm' | 'l' }) {
  if (url) return <img class={`stoa-avatar stoa-avatar-${size}`} src={url} alt="" loading="lazy" />;
  const parts = name.split(/[-_ .]+/).filter(Boolean);
  const initials = parts.length > 1 ? `${parts[0]?.[0] ?? ''}${parts[1]?.[0] ?? ''}` : name.slice(0, 2);
  const hash = [...name.toLowerCase()].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  // The letters come from the style sheet: they are a picture, not text to be read or copied.
  return <span class={`stoa-avatar stoa-avatar-${size}`} aria-hidden="true" data-initials={initials.toUpperCase()} style={{ '--hue': String(kHues[hash % kHues.length]) }} />;
}
