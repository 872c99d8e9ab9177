import DOMPurify from 'dompurify';
import { useMemo } from 'preact/hooks';

DOMPurify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName === 'A' && node instanceof HTMLAnchorElement && node.origin !== location.origin) node.setAttribute('rel', 'nofollow ugc noopener');
});

/** HTML the server has rendered and sanitised, sanitised once more. */
export function Html({ html, class: name = '' }: { html: string; class?: string }) {
  const trusted = useMemo(
    () => DOMPurify.sanitize(html, { RETURN_TRUSTED_TYPE: true, FORBID_TAGS: ['style', 'form'], FORBID_ATTR: ['style'], USE_PROFILES: { html: true } }) as unknown as string,
    [html],
  );
  return <div class={`stoa-prose ${name}`} dangerouslySetInnerHTML={{ __html: trusted }} />;
}
