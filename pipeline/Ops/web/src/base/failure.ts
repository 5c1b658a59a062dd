import { ApiError } from './api';
import { t } from './language';

/**
 * What to show for a failed request: ClickHouse is named only where the server says that ClickHouse does not answer.
 * @param otherwise The title where the failing part is not known; the error's own message is the detail then.
 */
export function describeFailure(error: Error, otherwise: string): { title: string; detail: string | null } {
  if (error instanceof ApiError) {
    if (error.status === 0) return { title: error.message, detail: null };
    if (error.code === 'clickhouse-away') return { title: t('panel.away'), detail: null };
    if (error.status === 422) return { title: t('panel.tooMuch'), detail: error.message };
  }
  return { title: otherwise, detail: error.message };
}
