import type { ApiClient } from '../api/client';
import { Failure, Skeleton } from '../components/states';
import { useLoaded } from '../components/use_loaded';

/** The administration, fetched when somebody opens it: few do. */
export function adminPage(api: ApiClient) {
  return function LazyAdminPage() {
    const { value, error, reload } = useLoaded('admin', () => import('../admin/page'));
    if (error) return <Failure error={error} retry={reload} />;
    return value ? <value.AdminPage api={api} /> : <Skeleton rows={3} />;
  };
}
