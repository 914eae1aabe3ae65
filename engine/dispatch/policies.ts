/**
 * Every dispatch policy. To add one: a file beside this one, and a line here. Rules stand alone; the policies after them
 * depart from one of those before, which their key `then` names.
 */
import { closestAvailable } from './closest-available.ts';
import type { DispatchPolicy } from './dispatch.ts';
import { maximalCoverage } from './maximal-coverage.ts';
import { ownSectorFirst } from './own-sector-first.ts';
import { preEmption } from './pre-emption.ts';
import { preferenceList } from './preference-list.ts';
import { reDispatch } from './re-dispatch.ts';
import { reserveForUrgent } from './reserve-for-urgent.ts';

const rules: DispatchPolicy[] = [closestAvailable, ownSectorFirst, preferenceList, maximalCoverage];
for (const departure of [reserveForUrgent, preEmption, reDispatch]) rules.push(departure([...rules]));

export const DISPATCH_POLICIES: readonly DispatchPolicy[] = rules;
