/** Types text over the selection, so that the browser's undo knows it. */
export function replaceSelection(area: HTMLTextAreaElement, text: string): void {
  area.focus();
  area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
  area.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Puts marks around the selection, which stays selected. */
export function wrapSelection(area: HTMLTextAreaElement, mark: string): void {
  const { selectionStart: start, selectionEnd: end, value } = area;
  replaceSelection(area, mark + value.slice(start, end) + mark);
  area.setSelectionRange(start + mark.length, end + mark.length);
}

export function linkSelection(area: HTMLTextAreaElement, url: string): void {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const text = value.slice(start, end) || 'text';
  replaceSelection(area, `[${text}](${url})`);
  const at = start + text.length + 3;
  area.setSelectionRange(at, at + url.length);
}

/** Begins every selected line with `prefix`. */
export function prefixLines(area: HTMLTextAreaElement, prefix: string): void {
  const { selectionStart, selectionEnd, value } = area;
  const start = value.lastIndexOf('\n', selectionStart - 1) + 1;
  area.setSelectionRange(start, selectionEnd);
  replaceSelection(area, value.slice(start, selectionEnd).split('\n').map((line) => prefix + line).join('\n'));
}
