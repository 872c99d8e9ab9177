import { shortcuts } from '../shortcuts';
import { Dialog } from './dialog';

export function ShortcutHelp({ close }: { close(): void }) {
  return (
    <Dialog title="Keyboard shortcuts" close={close}>
      <dl class="stoa-shortcuts">
        {shortcuts.value.map(({ keys, label }) => (
          <div key={keys}>
            <dt>{keys.split(' ').map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
