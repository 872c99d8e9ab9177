import { Button } from './button';
import { Dialog } from './dialog';

/** Asks once more before something is taken away from everybody. */
export function Confirm({ title, text, action, run, close }: { title: string; text: string; action: string; run(): void; close(): void }) {
  return (
    <Dialog title={title} close={close}>
      <p>{text}</p>
      <div class="stoa-form-end stoa-dialog-end">
        <Button kind="danger" onClick={() => (close(), run())}>{action}</Button>
        <Button onClick={close}>Keep it</Button>
      </div>
    </Dialog>
  );
}
