import { useState } from 'preact/hooks';
import { explain, ProblemError } from '../api/problem';

/** What `useSubmit` gives. */
export interface Submission {
  /** It is being sent. */
  readonly busy: boolean;
  /** What went wrong with the whole; undefined when every complaint belongs to a field. */
  readonly problem: string | undefined;
  /** What was said about one field. */
  field(name: string): string | undefined;
  /** Runs `send`, once at a time; true when it succeeded. */
  submit(send: () => Promise<void>): Promise<boolean>;
}

/** The state of a form that is being sent. `fields` are those that show their own complaints. */
export function useSubmit(fields: readonly string[] = []): Submission {
  const [state, setState] = useState<{ busy: boolean; error?: unknown }>({ busy: false });
  const field = (name: string) => (state.error instanceof ProblemError ? state.error.field(name) : undefined);
  const submit = async (send: () => Promise<void>) => {
    if (state.busy) return false;
    setState({ busy: true });
    try {
      await send();
      setState({ busy: false });
      return true;
    } catch (error) {
      setState({ busy: false, error });
      return false;
    }
  };
  const said = fields.some(field);
  return { busy: state.busy, problem: state.error && !said ? explain(state.error) : undefined, field, submit };
}
