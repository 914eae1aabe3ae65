/**
 * The analytic twin of a scenario: the same city, units, calls and times, answered by the hypercube queueing model instead
 * of by simulation. What a scenario has that the model has not is named in `leftOut`.
 */
import type { City } from '../city/city.ts';
import { InputError } from '../errors.ts';
import { MS_PER_HOUR, type UnitIx } from '../units.ts';
import { demandAtomsOf, MOST_ATOMS } from './atoms.ts';
import { calibrate, type Calibration, type Method } from './calibrate.ts';
import { mixed } from './calls.ts';
import { CoverageTally, type CoverageRow } from './coverage.ts';
import { Drives } from './drives.ts';
import { analysedSpan, dutyPieces, type Span } from './duty-pieces.ts';
import { erlangB, erlangC, meanWaitMMc } from './erlang.ts';
import { EXACT_UNITS } from './hypercube.ts';
import { totalServiceRate, type HypercubeAnswer } from './hypercube-model.ts';
import { leftOut, type LeftOut } from './left-out.ts';
import type { HypercubeMeasures } from './measures.ts';
import { buildPiece, type PieceModel } from './model.ts';

export interface AnalyseOptions {
  /** One hour of the week, 0 is Monday 00:00 to 01:00; null (the default) for the scored time of the run. */
  hour?: number | null;
  /** Default: exact for up to EXACT_UNITS units on duty together, approximate beyond. */
  method?: Method;
  /** Units equally near to a place: the lowest goes first, as in the simulation (default), or they share its calls. */
  ties?: 'lowest' | 'shared';
  /** Places of demand at most. */
  mostAtoms?: number;
}

export interface Analysis {
  /** From the Monday 00:00 before the scored start. */
  span: Span;
  /** Time by who is on duty. */
  pieces: PieceAnalysis[];
  /** Over all pieces, by unit of the city; a unit that is never on duty has 0 hours and NaN elsewhere. */
  units: UnitAnalysis[];
  /** Calls, in the mean over the span, an hour. */
  callsPerHour: { all: number; atDesk: number; toUnits: number; unitsSent: number };
  /** Share of the calls for units that find no room to wait. */
  lostShare: number;
  /** Share of them that wait for a unit. */
  waitingShare: number;
  /** Mean wait of the calls that are answered. */
  meanWaitMs: number;
  meanTravelMs: number;
  interdistrictShare: number;
  /** All answered calls, then by zone class. */
  coverage: CoverageRow[];
  atoms: { used: number; found: number };
  leftOut: LeftOut[];
}

export interface UnitAnalysis {
  unit: UnitIx;
  hoursOnDuty: number;
  /** Share of its time on duty in which it cannot be sent; service as of `PieceAnalysis.meanServiceMs`. */
  workload: number;
  /** Calls that it answers an hour on duty. */
  callsPerHour: number;
  meanTravelMs: number;
}

export interface PieceAnalysis {
  units: UnitIx[];
  hours: number;
  spans: Span[];
  /** Units sent an hour: a call for two units counts twice. */
  unitCallsPerHour: number;
  /** Mean time that a unit is busy with a call: the drive in it, and the way back of one that answers from its post. */
  meanServiceMs: number;
  /** Standard deviation of that time over its mean, as the scenario has it; the model takes 1. */
  serviceCv: number;
  /** unitCallsPerHour x mean service, in Erlang, and by unit. */
  load: number;
  loadPerUnit: number;
  /** What M/M/N makes of that load: all units alike and every call served by any of them. */
  erlang: { lost: number; waits: number; meanWaitMs: number };
  answer: HypercubeAnswer;
  measures: HypercubeMeasures;
  calibration: Calibration;
}

/**
 * @param city  with every unit at its base
 * @throws InputError where the scenario has no rates or nobody on duty, or asks the exact model for too many units;
 *   InfeasibleError where an unlimited queue has no steady state
 * Cost: one search from each base, profile and metric; the exact model about 0.3 s a solution at 15 units, a few solutions
 * for each set of units on duty.
 */
export function analyse(city: City, options: AnalyseOptions = {}): Analysis {
  const { hour = null, ties = 'lowest', mostAtoms = MOST_ATOMS } = options;
  const { scenario } = city;
  if (scenario.demand.calls !== null) {
    const message =
      'is a file of calls: the analytic model needs rates; estimate them from the file, and use them as demand';
    throw InputError.at(scenario.fileName, '/demand', message);
  }
  const span = analysedSpan(scenario, hour);
  const duty = dutyPieces(scenario, span);
  const methods = duty.map(({ units }) => methodFor(city, units.length, options.method));
  const atoms = demandAtomsOf(city, mostAtoms);
  const drives = new Drives(city, atoms.positions);
  const coverage = new CoverageTally(city);

  // from lost on, a call for two units counts twice: the model knows only units sent
  const sums = {
    calls: 0,
    atDesk: 0,
    toUnits: 0,
    unitsSent: 0,
    lost: 0,
    waiting: 0,
    waitHours: 0,
    answered: 0,
    interdistrict: 0,
    travelMs: 0,
  };
  const units = city.units.map((_, unit) => ({ unit, hoursOnDuty: 0, busyHours: 0, calls: 0, travelMs: 0 }));
  const pieces: PieceAnalysis[] = [];
  duty.forEach((piece, p) => {
    const model = buildPiece(city, { atoms, drives, piece, ties });
    if (model === null) {
      for (const unit of piece.units) units[unit].hoursOnDuty += piece.hours;
      return;
    }
    const { hypercube, answer, measures, calibration } = calibrate(model, methods[p]);
    const { hours } = piece;
    const capacity = totalServiceRate(hypercube);
    const answered = model.unitCallsPerHour * (1 - answer.lost);
    const busy = answer.workload.reduce((sum, share) => sum + share, 0);
    const meanServiceMs = (busy / answered) * MS_PER_HOUR;
    const load = (model.unitCallsPerHour * meanServiceMs) / MS_PER_HOUR;
    const nUnits = piece.units.length;
    pieces.push({
      ...piece,
      unitCallsPerHour: model.unitCallsPerHour,
      meanServiceMs,
      serviceCv: serviceCv(model, measures),
      load,
      loadPerUnit: load / nUnits,
      erlang: {
        lost: erlangB(nUnits, load),
        waits: erlangC(nUnits, load),
        meanWaitMs: meanWaitMMc(nUnits, model.unitCallsPerHour, MS_PER_HOUR / meanServiceMs) * MS_PER_HOUR,
      },
      answer,
      measures,
      calibration,
    });
    coverage.add(model, answer, measures, { hours, capacity });
    sums.calls += hours * model.callsPerHour;
    sums.atDesk += hours * model.callsAtDeskPerHour;
    sums.toUnits += hours * model.callsToUnitsPerHour;
    sums.unitsSent += hours * model.unitCallsPerHour;
    sums.lost += hours * model.unitCallsPerHour * answer.lost;
    sums.waiting += hours * model.unitCallsPerHour * answer.waits;
    sums.waitHours += hours * answer.meanWaiting;
    sums.answered += hours * answered;
    sums.travelMs += hours * answered * measures.meanTravel;
    sums.interdistrict += hours * answered * measures.interdistrictShare;
    piece.units.forEach((unit, n) => {
      const answers = hours * answered * measures.dispatchShare[n];
      units[unit].hoursOnDuty += hours;
      units[unit].busyHours += hours * answer.workload[n];
      units[unit].calls += answers;
      units[unit].travelMs += answers * measures.travelByUnit[n];
    });
  });
  if (pieces.length === 0) {
    throw InputError.at(scenario.fileName, '/demand', 'expects no call in the time that is looked at');
  }
  const hours = duty.reduce((sum, piece) => sum + piece.hours, 0);
  return {
    span,
    pieces,
    units: units.map(({ unit, hoursOnDuty, busyHours, calls: answers, travelMs }) => ({
      unit,
      hoursOnDuty,
      workload: busyHours / hoursOnDuty,
      callsPerHour: answers / hoursOnDuty,
      meanTravelMs: travelMs / answers,
    })),
    callsPerHour: {
      all: sums.calls / hours,
      atDesk: sums.atDesk / hours,
      toUnits: sums.toUnits / hours,
      unitsSent: sums.unitsSent / hours,
    },
    lostShare: sums.lost / sums.unitsSent,
    waitingShare: sums.waiting / sums.unitsSent,
    meanWaitMs: (sums.waitHours / sums.answered) * MS_PER_HOUR,
    meanTravelMs: sums.travelMs / sums.answered,
    interdistrictShare: sums.interdistrict / sums.answered,
    coverage: coverage.rows(),
    atoms: { used: atoms.positions.length, found: atoms.nFound },
    leftOut: leftOut(city, { span, duty, pieces }),
  };
}

function methodFor({ scenario }: City, nUnits: number, asked: Method | undefined): Method {
  if (asked === 'exact' && nUnits > EXACT_UNITS) {
    const message = `has ${nUnits} units on duty together: the exact model takes ${EXACT_UNITS} at most; use the approximate one`;
    throw InputError.at(scenario.fileName, '/units', message);
  }
  return asked ?? (nUnits <= EXACT_UNITS ? 'exact' : 'approximate');
}

/** Of all answered calls, drives taken as independent of what is done besides. */
function serviceCv({ besidesDrive }: PieceModel, measures: HypercubeMeasures): number {
  const { dispatchShare, travelByUnit, meanTravel, travelCv } = measures;
  const withDrive = besidesDrive.map(({ meanMs, varianceMs2 }, n) => ({
    meanMs: meanMs + (dispatchShare[n] > 0 ? travelByUnit[n] : 0),
    varianceMs2,
  }));
  const { meanMs, varianceMs2 } = mixed(withDrive, [...dispatchShare]);
  const driveMs = meanTravel > 0 ? meanTravel * travelCv : 0;
  return Math.sqrt(varianceMs2 + driveMs * driveMs) / meanMs;
}
