/** What every command gets and how it is declared. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { InputError, nearestName } from '../../errors.ts';
import type { Profile } from '../../routing/profile.ts';
import { PROFILES } from '../../routing/profiles.ts';
import type { Interruption } from '../interrupt.ts';
import type { Output, Reproduction } from '../output.ts';

export interface Context {
  output: Output;
  interruption: Interruption;
  /** Printed with a bug; a command adds the seed once it knows it. */
  reproduction: Reproduction;
  /** Exit code of a command that ended without an error. */
  exitCode: number;
}

/** Adds one command to the program. */
export type AddCommand = (program: Command, context: Context) => void;

/** Options that all commands have, and the example shown under --help. */
export function withCommonOptions(command: Command, example: string): Command {
  return command
    .option('--json', 'print one JSON document on stdout, everything else on stderr')
    .option('--quiet', 'no progress; warnings about the result stay')
    .addHelpText('after', `\nExample:\n  ${example.split('\n').join('\n  ')}`);
}

/** Parser of a whole-number option. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < from || value > to) {
      throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
    }
    return value;
  };
}

/** Parser of an option with a number of metres, seconds… */
export function positiveNumber(to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || !(value > 0) || value > to) {
      throw new InvalidArgumentError(`It must be a number above 0, at most ${to}.`);
    }
    return value;
  };
}

/** Whole numbers are numbers; anything else is a seed of words. */
export function parseSeed(text: string): number | string {
  const value = Number(text);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(value) ? value : text;
}

/** Collects a repeatable option. */
export const collect = (text: string, before: string[] = []): string[] => [...before, text];

/** The speed profile of that name. @throws InputError with the nearest name */
export function profileNamed(name: string): Profile {
  const profile = PROFILES.find(({ type }) => type === name);
  if (profile !== undefined) return profile;
  const names = PROFILES.map(({ type }) => type);
  const near = nearestName(name, names);
  const hint = near === undefined ? `it is one of ${names.join(', ')}` : `did you mean "${near}"?`;
  throw InputError.at('--profile', '', `"${name}" is not a speed profile (${hint})`);
}

/** The --profile option of commands that take roads instead of a scenario; `profileNamed` reads it. */
export const withProfile = (command: Command): Command =>
  command.option(
    '--profile <name>',
    `speed profile: ${PROFILES.map(({ type }) => type).join(', ')}`,
    'patrol-car',
  );

/** The --siren option of such commands. */
export const withSiren = (command: Command): Command =>
  command.option('--siren', 'drive with siren, as far as the profile has one', false);

/** The --snap-limit option of commands that are given places. */
export const withSnapLimit = (command: Command): Command =>
  command.option(
    '--snap-limit <metres>',
    'how far a place may lie from its road',
    positiveNumber(10_000),
    200,
  );
