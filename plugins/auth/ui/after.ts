import type { Sdk } from '@stoa/sdk';
import { useEffect } from 'preact/hooks';

/** Where to go after logging in: back, but never to another site. */
export function nextPlace(query: URLSearchParams): string {
  const next = query.get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
}

/** Leads on whoever is logged in, just now or already. */
export function useOnlyForStrangers(sdk: Sdk, query: URLSearchParams): void {
  const user = sdk.session.user.value;
  useEffect(() => {
    if (user) sdk.router.navigate(nextPlace(query), { replace: true });
  }, [user]);
}
