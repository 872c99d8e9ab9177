import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

/** A request of a plugin that the forum's own description does not know; its answer is what the plugin says. */
interface OfPlugin {
  parameters: { query?: Record<string, any>; path?: Record<string, any> };
  requestBody?: { content: { 'application/json': any } };
  responses: { 200: { content: { 'application/json': any } } };
}
type PathsOfPlugins = Record<`/api/v1/x/${string}`, Record<'get' | 'post' | 'put' | 'patch' | 'delete', OfPlugin>>;

export type ApiClient = Client<paths & PathsOfPlugins>;

/** What the client needs to know of the session. */
export interface Renewal {
  /** The access token is known to have run out. */
  stale(): boolean;
  /** Somebody is signed in, as far as this browser knows. */
  present(): boolean;
  /** Renews the session; false when it has ended. */
  renew(): Promise<boolean>;
}

const kNeverRenewed = ['/api/v1/auth/login', '/api/v1/auth/register', '/api/v1/auth/refresh', '/api/v1/setup'];

/** The REST client. An expired session is renewed once, for all requests that wait for it. */
export function createApi(renewal: Renewal, send: typeof fetch = (...args) => fetch(...args)): ApiClient {
  return createClient<paths & PathsOfPlugins>({
    baseUrl: location.origin,
    fetch: async (request: Request) => {
      const renewable = !kNeverRenewed.includes(new URL(request.url).pathname);
      if (renewable && renewal.present() && renewal.stale()) await renewal.renew();
      const again = request.clone();
      const response = await send(request);
      if (response.status !== 401 || !renewable || !renewal.present()) return response;
      return (await renewal.renew()) ? send(again) : response;
    },
  });
}
