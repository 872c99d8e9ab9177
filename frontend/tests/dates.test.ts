import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayName, dayOf, fullDate, stamp } from '../assets/js/utils/dates';

const london = { locale: 'en-GB', timeZone: 'Europe/London' };
const now = new Date('2026-11-23T09:57:00Z');

test('a stamp always has the date, and the year of other years', () => {
  assert.equal(stamp(new Date('2026-11-23T01:22:00Z'), now, london), '23 Nov, 01:22');
  assert.equal(stamp(new Date('2026-01-02T01:22:00Z'), now, london), '2 Jan, 01:22');
  assert.equal(stamp(new Date('2025-11-23T01:22:00Z'), now, london), '23 Nov 2025, 01:22');
  assert.match(fullDate(new Date('2026-11-23T01:22:00Z'), london), /^Monday,? 23 November 2026.*01:22$/);
});

test('days have their names', () => {
  assert.equal(dayName(new Date('2026-11-23T00:00:00Z'), now, london), 'Today');
  assert.equal(dayName(new Date('2026-11-22T23:59:00Z'), now, london), 'Yesterday');
  assert.match(dayName(new Date('2026-11-21T12:00:00Z'), now, london), /^Saturday,? 21 November 2026$/);
});

test('yesterday is the day before, also where that one had 23 hours', () => {
  const afterSpringForward = new Date('2026-03-29T23:30:00Z');
  assert.equal(dayName(new Date('2026-03-29T12:00:00Z'), afterSpringForward, london), 'Yesterday');
  assert.match(dayName(new Date('2026-03-28T23:45:00Z'), afterSpringForward, london), /^Saturday/);
});

test('a day begins at midnight of the time zone', () => {
  const tokyo = { locale: 'en-GB', timeZone: 'Asia/Tokyo' };
  const [late, early] = [new Date('2026-11-22T14:59:00Z'), new Date('2026-11-22T15:00:00Z')];
  assert.notEqual(dayOf(late, tokyo), dayOf(early, tokyo));
  assert.equal(dayOf(late, london), dayOf(early, london));
  assert.equal(dayName(early, now, tokyo), 'Today');
});
