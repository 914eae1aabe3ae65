/** An analysis as people and programs read it: names for numbers, seconds for milliseconds. */
import type { Analysis } from '../analytic/analyse.ts';
import { CLOCKS, THRESHOLDS_MS, type Clock } from '../analytic/coverage.ts';
import type { LeftOut } from '../analytic/left-out.ts';
import type { City } from '../city/city.ts';
import { weekTime } from '../scenario/calendar.ts';
import { msToSeconds } from '../units.ts';
import { groupLabel } from './kpis/call-groups.ts';

export interface AnalysisJson {
  scenario: string;
  /** The time that the figures are means over. */
  from: string;
  hours: number;
  callsPerHour: Analysis['callsPerHour'];
  lostShare: number;
  waitingShare: number;
  meanWaitS: number;
  meanTravelS: number;
  interdistrictShare: number;
  pieces: {
    hours: number;
    units: string[];
    unitCallsPerHour: number;
    meanServiceS: number;
    serviceCv: number;
    loadErlang: number;
    loadPerUnit: number;
    erlangB: number;
    erlangC: number;
    /** Null where M/M/N has no steady state. */
    erlangMeanWaitS: number | null;
    method: 'exact' | 'approximate';
    residual: number;
    waitingShare: number;
    lostShare: number;
    meanWaitS: number;
    /** Share of time with 0, 1, 2… units busy. */
    busyUnits: number[];
    calibration: { rounds: number; changeS: number };
  }[];
  units: {
    unit: string;
    hoursOnDuty: number;
    workload: number | null;
    callsPerHour: number | null;
    meanTravelS: number | null;
  }[];
  coverage: {
    group: string;
    label: string;
    callsPerHour: number;
    byClock: Record<Clock, { thresholdsS: number[]; within: number[]; meanS: number }>;
  }[];
  atoms: Analysis['atoms'];
  leftOut: LeftOut[];
}

export function analysisJson({ scenario, units }: City, analysis: Analysis): AnalysisJson {
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    scenario: scenario.name,
    from: weekTime(analysis.span.fromMs),
    hours: analysis.pieces.reduce((sum, { hours }) => sum + hours, 0),
    callsPerHour: analysis.callsPerHour,
    lostShare: analysis.lostShare,
    waitingShare: analysis.waitingShare,
    meanWaitS: msToSeconds(analysis.meanWaitMs),
    meanTravelS: msToSeconds(analysis.meanTravelMs),
    interdistrictShare: analysis.interdistrictShare,
    pieces: analysis.pieces.map((piece) => ({
      hours: piece.hours,
      units: piece.units.map((unit) => units[unit].id),
      unitCallsPerHour: piece.unitCallsPerHour,
      meanServiceS: msToSeconds(piece.meanServiceMs),
      serviceCv: piece.serviceCv,
      loadErlang: piece.load,
      loadPerUnit: piece.loadPerUnit,
      erlangB: piece.erlang.lost,
      erlangC: piece.erlang.waits,
      erlangMeanWaitS: finite(msToSeconds(piece.erlang.meanWaitMs)),
      method: piece.answer.method,
      residual: piece.answer.residual,
      waitingShare: piece.answer.waits,
      lostShare: piece.answer.lost,
      meanWaitS: piece.answer.meanWait * 3600,
      busyUnits: [...piece.answer.busy],
      calibration: {
        rounds: piece.calibration.rounds,
        changeS: msToSeconds(piece.calibration.changeMs),
      },
    })),
    units: analysis.units.map(({ unit, hoursOnDuty, workload, callsPerHour, meanTravelMs }) => ({
      unit: units[unit].id,
      hoursOnDuty,
      workload: finite(workload),
      callsPerHour: finite(callsPerHour),
      meanTravelS: finite(msToSeconds(meanTravelMs)),
    })),
    coverage: analysis.coverage.map(({ zoneClass, callsPerHour, byClock }) => ({
      group: zoneClass === null ? 'all' : `zoneClass:${zoneClass}`,
      label: groupLabel(zoneClass),
      callsPerHour,
      byClock: Object.fromEntries(
        CLOCKS.map((clock) => [
          clock,
          {
            thresholdsS: THRESHOLDS_MS.map(msToSeconds),
            within: byClock[clock].within,
            meanS: msToSeconds(byClock[clock].meanResponseMs),
          },
        ]),
      ) as AnalysisJson['coverage'][number]['byClock'],
    })),
    atoms: analysis.atoms,
    leftOut: analysis.leftOut,
  };
}
