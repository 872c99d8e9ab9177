import type { Schemas } from './client';

export type Problem = Schemas['Problem'];

/** An answer that was not the one asked for. `status` is 0 when there was no answer at all. */
export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    readonly retryAfter: number | null = null,
  ) {
    super(problem.detail ?? problem.title);
    this.name = 'ProblemError';
  }
  get status(): number {
    return this.problem.status;
  }
  /** What was said about the field `name`, if anything. */
  field(name: string): string | undefined {
    return this.problem.errors?.find(({ pointer }) => pointer === `/${name}` || pointer.startsWith(`/${name}/`))?.detail;
  }
}

/** A sentence for people, whatever was thrown. */
export function explain(error: unknown): string {
  if (!(error instanceof ProblemError)) return 'Something went wrong in this page.';
  const { status, retryAfter } = error;
  if (status === 0) return 'The forum cannot be reached. Check your connection and try again.';
  if (status === 429) return retryAfter ? `That was a bit fast. Try again in ${retryAfter} s.` : 'That was a bit fast. Try again in a moment.';
  if (status === 503) return 'The forum is very busy. Try again in a moment.';
  if (status === 500) return `The forum ran into an error. ${error.problem.request_id ? `Its number is ${error.problem.request_id}.` : ''}`;
  const fields = error.problem.errors?.map(({ detail }) => detail).join(' ');
  return fields || error.message;
}

const kOffline: Problem = { type: 'about:blank', title: 'No connection', status: 0 };

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Awaits an API call: its data and its `Stoa-Seq`, or a ProblemError. */
export async function ask<T>(call: Promise<Answered<T>>): Promise<{ data: T; seq: number | undefined; status: number }> {
  let answered: Answered<T>;
  try {
    answered = await call;
  } catch {
    throw new ProblemError(kOffline);
  }
  const { data, error, response } = answered;
  if (!response.ok) {
    const problem = (typeof error === 'object' && error ? error : { type: 'about:blank', title: response.statusText }) as Problem;
    const retry = Number(response.headers.get('Retry-After'));
    throw new ProblemError({ ...problem, status: response.status }, retry > 0 ? retry : null);
  }
  const seq = Number(response.headers.get('Stoa-Seq'));
  return { data: data as T, seq: seq > 0 ? seq : undefined, status: response.status };
}
