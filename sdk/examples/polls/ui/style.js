export const css = `
  .stoa-polls { display: grid; gap: var(--stoa-3); justify-items: start; }
  .stoa-polls.stoa-panel { margin-block: var(--stoa-4); }
  .stoa-polls > :is(ul, p, h1, h2, .stoa-field) { inline-size: 100%; margin: 0; }
  .stoa-polls h2 a { color: inherit; text-decoration: none; }
  .stoa-polls h2 a:hover { text-decoration: underline; }
  .stoa-polls-options { display: grid; gap: var(--stoa-2); padding: 0; list-style: none; }
  .stoa-polls-option {
    position: relative; overflow: hidden; display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center;
    gap: 0 var(--stoa-4); inline-size: 100%; min-block-size: 2.75rem; padding: var(--stoa-2) var(--stoa-3);
    border: 1px solid var(--stoa-line); border-radius: var(--stoa-radius-s); background: var(--stoa-surface);
    color: var(--stoa-text); font: inherit; text-align: start; cursor: pointer;
  }
  .stoa-polls-option:disabled { cursor: default; }
  .stoa-polls-option:hover:not(:disabled) { border-color: var(--stoa-line-strong); }
  .stoa-polls-option[aria-pressed='true'] { border-color: var(--stoa-accent); font-weight: 600; }
  .stoa-polls-bar { position: absolute; inset-block: 0; inset-inline-start: 0; background: var(--stoa-accent-soft); transition: inline-size 200ms; }
  .stoa-polls-text, .stoa-polls-count { position: relative; overflow-wrap: anywhere; }
  .stoa-polls-count { color: var(--stoa-muted); font-size: var(--stoa-text-s); font-weight: 400; font-variant-numeric: tabular-nums; }
  .stoa-polls-actions { display: flex; gap: var(--stoa-2); }
  @media (prefers-reduced-motion: reduce) { .stoa-polls-bar { transition: none; } }
`;
