/** Every move-up policy. To add one: a file beside this one, and a line here. */
import { backToPost } from './back-to-post.ts';
import type { MoveUpPolicy } from './move-up.ts';

export const MOVE_UP_POLICIES: readonly MoveUpPolicy[] = [backToPost];
