/** The two forms of time in certificates and revocation lists, as whole seconds since 1970. */
import { DerMalformed, type DerReader } from './der.ts';

const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const ZERO = 0x30;
const ZULU = 0x5a;

/**
 * Seconds since 1970 of a UTCTime (1950 to 2049) or a GeneralizedTime (2050 to 9999), negative before 1970.
 * @see RFC 5280 §4.1.2.5
 */
export function readTime(reader: DerReader): number {
  const isGeneralized = reader.peek() === GENERALIZED_TIME;
  const outerEnd = reader.enter(isGeneralized ? GENERALIZED_TIME : UTC_TIME);
  const { bytes, at, end } = reader;
  const yearDigits = isGeneralized ? 4 : 2;
  if (end - at !== yearDigits + 11 || bytes[end - 1] !== ZULU) throw new DerMalformed('bad_time', at);
  const year = isGeneralized ? 100 * twoDigits(bytes, at) + twoDigits(bytes, at + 2) : fullYear(twoDigits(bytes, at));
  if (isGeneralized && year < 2050) throw new DerMalformed('wrong_time_type', at);
  const seconds = secondsSince1970(bytes, at, at + yearDigits, year);
  reader.at = end;
  reader.leave(outerEnd);
  return seconds;
}

/** RFC 5280 §4.1.2.5.1: 50 and above is the twentieth century. */
const fullYear = (yy: number): number => (yy >= 50 ? 1900 + yy : 2000 + yy);

function secondsSince1970(bytes: Uint8Array, start: number, at: number, year: number): number {
  const month = twoDigits(bytes, at);
  const day = twoDigits(bytes, at + 2);
  const hour = twoDigits(bytes, at + 4);
  const minute = twoDigits(bytes, at + 6);
  const second = twoDigits(bytes, at + 8);
  const isReal = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(month, year);
  if (!isReal || hour > 23 || minute > 59 || second > 59) throw new DerMalformed('bad_time', start);
  return ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - ZERO;
  const ones = (bytes[at + 1] as number) - ZERO;
  if (tens < 0 || tens > 9 || ones < 0 || ones > 9) throw new DerMalformed('bad_time', at);
  return 10 * tens + ones;
}

function daysIn(month: number, year: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Days of the proleptic Gregorian calendar, counted in years that begin in March, so that a leap day is the last one. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = (month + 9) % 12;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + day - 1;
  return 365 * marchYear + leapDays + dayOfYear - 719_468;
}
