/** Every patrol policy a scenario can name. To add one: write it, add its line here, pass `describePatrolPolicy`. */
import type { PatrolPolicy } from './patrol.ts';
import { quotaTour } from './quota-tour.ts';
import { stayAtPost } from './stay-at-post.ts';

export const PATROL_POLICIES: readonly PatrolPolicy[] = [stayAtPost, quotaTour];
