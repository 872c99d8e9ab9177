import { useMemo, useRef, useState } from 'preact/hooks';
import type { Sdk } from '@stoa/sdk';
import { linkSelection, prefixLines, replaceSelection, wrapSelection } from '../utils/markdown';
import { Button, IconButton } from './button';
import { Html } from './html';
import type { IconName } from './icon';
import { Outlet } from './outlet';
import { useMentions } from './use_mentions';

interface EditorProps {
  sdk: Sdk;
  label: string;
  value: string;
  change(value: string): void;
  /** Ctrl+Enter. */
  send(): void;
  /** Renders as sending would; without it there is no preview. */
  preview?: (body: string) => Promise<string>;
  rows?: number;
  maxLength: number;
  placeholder?: string;
  invalid?: boolean;
  autofocus?: boolean;
}

const kTools: readonly { icon: IconName; label: string; act(area: HTMLTextAreaElement): void }[] = [
  { icon: 'bold', label: 'Bold', act: (area) => wrapSelection(area, '**') },
  { icon: 'italic', label: 'Italic', act: (area) => wrapSelection(area, '_') },
  { icon: 'link', label: 'Link', act: (area) => linkSelection(area, 'https://') },
  { icon: 'quote', label: 'Quote', act: (area) => prefixLines(area, '> ') },
  { icon: 'code', label: 'Code', act: (area) => wrapSelection(area, '`') },
  { icon: 'list', label: 'List', act: (area) => prefixLines(area, '- ') },
];

/** A field for Markdown, with tools, completion of names, and a preview made by the server. */
export function Editor({ sdk, label, value, change, send, preview: render, rows = 4, maxLength, placeholder, invalid, autofocus }: EditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [preview, setPreview] = useState<string | null>(null);
  const context = useMemo(() => ({ insert: (text: string) => void (area.current && replaceSelection(area.current, text)) }), []);
  const mentions = useMentions(sdk, area, change);
  const keyed = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
      return;
    }
    mentions.keyed(event);
  };
  const pasted = (event: ClipboardEvent) => {
    const text = event.clipboardData?.getData('text/plain').trim() ?? '';
    const element = area.current;
    if (!element || element.selectionStart === element.selectionEnd || !/^https?:\/\/\S+$/.test(text)) return;
    event.preventDefault();
    linkSelection(element, text);
  };
  const togglePreview = async () => {
    if (preview !== null || !render) return setPreview(null);
    try {
      setPreview(await render(value));
    } catch {
      sdk.toast('The preview could not be made.', { kind: 'problem' });
    }
  };
  return (
    <div class="stoa-editor">
      <div class="stoa-editor-tools" role="toolbar" aria-label="Formatting">
        {kTools.map(({ icon, label, act }) => (
          <IconButton key={icon} icon={icon} label={label} disabled={preview !== null} onClick={() => area.current && act(area.current)} />
        ))}
        <Outlet name="composer.toolbar" context={context} />
        <span class="stoa-editor-tools-end" />
        {render && <Button kind="quiet" aria-pressed={preview !== null} disabled={!value.trim()} onClick={() => void togglePreview()}>Preview</Button>}
      </div>
      {preview !== null ? (
        <div class="stoa-editor-preview"><Html html={preview} /></div>
      ) : (
        <textarea
          ref={area}
          class="stoa-editor-area"
          aria-label={label}
          aria-invalid={invalid ? 'true' : undefined}
          rows={rows}
          maxLength={maxLength}
          placeholder={placeholder}
          value={value}
          autofocus={autofocus}
          onInput={(event) => (change(event.currentTarget.value), mentions.typed())}
          onKeyDown={keyed}
          onPaste={pasted}
          onBlur={mentions.left}
        />
      )}
      {mentions.list}
    </div>
  );
}
