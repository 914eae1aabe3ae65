/** Every move-up policy. To add one: a file beside this one, and a line here. */
import { backToPost } from './back-to-post.ts';
import { complianceTable } from './compliance-table.ts';
import { dynamicMexclp } from './dynamic-mexclp.ts';
import { keepCoreCovered } from './keep-core-covered.ts';
import type { MoveUpPolicy } from './move-up.ts';
import { none } from './none.ts';

export const MOVE_UP_POLICIES: readonly MoveUpPolicy[] = [
  backToPost,
  none,
  dynamicMexclp,
  complianceTable,
  keepCoreCovered,
];
