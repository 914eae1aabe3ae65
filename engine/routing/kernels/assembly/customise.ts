import { N_NODES } from '../slots';
import { count } from './header';

export function nNodes(): u32 {
  return count(N_NODES);
}
