/** How busy units will be, from the scenario alone: a plain estimate for models that need one before any run. */
import { categoryRates } from '../analytic/calls.ts';
import { meanCallsPerHour, type City } from '../city/city.ts';
import { worksInRun } from '../scenario/shifts-in-run.ts';
import { HOURS_PER_WEEK, MS_PER_HOUR, type Ms } from '../units.ts';

/** The most that is assumed of a force which cannot keep up. */
export const MOST_BUSY = 0.95;

/**
 * Unit-hours that calls and activities ask for, over unit-hours on duty, both of a mean week, of
 * the units that work in the run; at most MOST_BUSY. A call
 * takes each of its units for turnout at a post, the drive, access and time on scene; transport adds as long a drive
 * again and the handover, a report its writing, both for one unit. Linked calls and repeats count, surges, breaks and
 * times out of service do not.
 * @param driveMs  mean drive to a call, in ms, >= 0
 */
export function estimateBusyFraction(city: City, driveMs: number): number {
  const { scenario, categories, units } = city;
  const works = worksInRun(scenario);
  const dutyHours = units.map((unit) => (works(unit) ? hoursOnDuty(scenario.shifts, unit.shifts) : 0));
  let onDuty = 0;
  for (const hours of dutyHours) onDuty += hours;
  if (onDuty === 0) return MOST_BUSY;
  let busy = 0;
  callsPerHour(city).forEach((calls, c) => {
    const { onScene, units: nUnits, triageShare, transport, report } = categories[c];
    const eachMs = scenario.delays.turnoutAtPostMs + driveMs + scenario.delays.accessMs + onScene.meanMs;
    const afterMs =
      (transport === null ? 0 : transport.share * (driveMs + transport.handover.meanMs)) +
      (report === null ? 0 : report.meanMs);
    busy += calls * HOURS_PER_WEEK * (1 - triageShare) * hours(nUnits * eachMs + afterMs);
  });
  for (const { perUnitHour, duration, units: doers } of scenario.activities) {
    for (const unit of doers) busy += dutyHours[unit] * perUnitHour * hours(duration.meanMs);
  }
  return Math.min(MOST_BUSY, busy / onDuty);
}

const hours = (ms: number): number => ms / MS_PER_HOUR;

/** Of a mean week. */
function hoursOnDuty(all: City['scenario']['shifts'], shifts: readonly number[]): number {
  let ms: Ms = 0;
  for (const shift of shifts) {
    const { startMs, endMs, days } = all[shift];
    ms += (endMs - startMs) * days.filter(Boolean).length;
  }
  return hours(ms);
}

/** Calls an hour by category in the mean over the week, repeats and linked calls included. */
function callsPerHour(city: City): number[] {
  const ofSources = categoryRates(city, Float64Array.from(city.sources, meanCallsPerHour));
  return city.categories.map((_, c) => ofSources.reduce((sum, rates) => sum + rates[c], 0));
}
