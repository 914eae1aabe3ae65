/** What is wrong with rows of a call file: counted by kind, the first lines of each named, told or refused. */
import { InputError, type InputProblem } from '../errors.ts';

/** Kinds of fault and what they mean to people, in the order of reports. A row counts once, for the first fault found. */
const CALL_FAULTS = {
  cells: 'with more or fewer cells than the header',
  time: 'whose time cannot be read',
  skippedHour: 'at a local time that the clock left out',
  noPlace: 'without longitude and latitude',
  number: 'with a number that cannot be read',
  coordinates: 'with coordinates off the earth',
  duplicateId: 'with the id of a row above',
  backwards: 'earlier than the row above',
} as const;
type CallFault = keyof typeof CALL_FAULTS;

/** Rows out of order are sorted; rows with any other fault are left out. */
const isLeftOut = (fault: CallFault): boolean => fault !== 'backwards';

interface CallFaultCount {
  fault: CallFault;
  rows: number;
  /** The first of them, ascending, with what is wrong on each. */
  first: { line: number; message: string }[];
}

/** An account of a call file. */
export interface CallReport {
  /** Rows below the header; blank lines are none. */
  rows: number;
  kept: number;
  leftOut: number;
  /** Only kinds that occur, in the order of `CALL_FAULTS`. */
  faults: CallFaultCount[];
  /** Local times in the hour that comes twice in autumn, by the occurrence they were taken for. */
  twiceHour: { first: number; second: number };
}

/** Lines named for each kind; a file that is wrong throughout is not worth a million lines. */
const LINES_NAMED = 20;

export class CallFaults {
  readonly #byFault = new Map<CallFault, CallFaultCount>();

  add(fault: CallFault, line: number, message: string): void {
    let count = this.#byFault.get(fault);
    if (count === undefined) this.#byFault.set(fault, (count = { fault, rows: 0, first: [] }));
    count.rows++;
    if (count.first.length < LINES_NAMED) count.first.push({ line, message });
  }

  list(): CallFaultCount[] {
    return (Object.keys(CALL_FAULTS) as CallFault[]).flatMap((fault) => this.#byFault.get(fault) ?? []);
  }

  leftOut(): number {
    return this.list().reduce((sum, { fault, rows }) => sum + (isLeftOut(fault) ? rows : 0), 0);
  }

  /** @throws InputError with the first lines of every kind and the number of the others, if there is a fault */
  refuseAny(file: string): void {
    const problems = this.list().flatMap(({ fault, rows, first }): InputProblem[] => [
      ...first.map(({ line, message }) => ({ file, place: `line ${line}`, message })),
      ...(rows > first.length
        ? [{ file, place: '', message: `and ${rows - first.length} more rows ${CALL_FAULTS[fault]}` }]
        : []),
    ]);
    if (problems.length > 0) throw new InputError(problems);
  }
}

/** The account in sentences, one for each kind of fault; none for a file without fault. */
export function callReportLines(file: string, { rows, faults, twiceHour }: CallReport): string[] {
  const lines = faults.map((count) => {
    const named = count.first.slice(0, 5).map(({ line }) => line);
    const more = count.rows > named.length ? '…' : '';
    const what = isLeftOut(count.fault) ? 'left out' : 'put in order';
    return (
      `${file}: ${count.rows} of ${rows} rows ${CALL_FAULTS[count.fault]} ${count.rows === 1 ? 'is' : 'are'} ${what} ` +
      `(line ${named.join(', ')}${more}; ${count.first[0].message})`
    );
  });
  const twice = twiceHour.first + twiceHour.second;
  if (twice > 0) {
    lines.push(
      `${file}: ${twice} of ${rows} rows lie in an hour that the clock showed twice; ${twiceHour.first} are taken for ` +
        `the first time and ${twiceHour.second} for the second`,
    );
  }
  return lines;
}
