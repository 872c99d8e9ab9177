import type { ApiClient, Schemas } from '../api/client';
import { ask } from '../api/problem';
import type { Settings } from './schema';

export type AdminPlugin = Schemas['AdminPlugin'];
export type Action = 'enable' | 'disable' | 'upgrade' | 'retry';

/** What an administrator may do to plugins. Everything throws a ProblemError. */
export class AdminPlugins {
  constructor(private readonly api: ApiClient) {}

  async list(): Promise<readonly AdminPlugin[]> {
    return (await ask(this.api.GET('/api/v1/admin/plugins'))).data.items;
  }

  /** Answers when it is done. */
  async act(id: string, action: Action): Promise<void> {
    const params = { params: { path: { id } } };
    switch (action) {
      case 'enable':
        return void (await ask(this.api.POST('/api/v1/admin/plugins/{id}/enable', params)));
      case 'disable':
        return void (await ask(this.api.POST('/api/v1/admin/plugins/{id}/disable', params)));
      case 'upgrade':
        return void (await ask(this.api.POST('/api/v1/admin/plugins/{id}/upgrade', params)));
      case 'retry':
        return void (await ask(this.api.POST('/api/v1/admin/plugins/{id}/retry', params)));
    }
  }

  /** The settings as they are from now on. */
  async saveSettings(id: string, settings: Settings): Promise<Settings> {
    // The document says "object", which the generator of the types takes for an empty one.
    const body = settings as Record<string, never>;
    return (await ask(this.api.PUT('/api/v1/admin/plugins/{id}/settings', { params: { path: { id } }, body }))).data as Settings;
  }
}
