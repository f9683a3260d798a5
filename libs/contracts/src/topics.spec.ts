import { groupNames, topicNames } from './topics.js';

it('names topics and groups', () => {
  expect(topicNames()).toEqual({
    stockTicks: 'stock-ticks',
    bronzeTicks: 'bronze-ticks',
    silverTicks: 'silver-ticks',
    goldUpdates: 'gold-updates',
    deadLetters: 'dead-letters',
  });
  expect(groupNames()).toEqual({ bronze: 'engine-bronze', silver: 'engine-silver', gold: 'engine-gold' });
});

it('puts the prefix before every one of them', () => {
  const names = Object.values<string>({ ...topicNames('eu.'), ...groupNames('eu.') });
  expect(names).toHaveLength(8);
  for (const name of names) expect(name).toMatch(/^eu\.(engine-)?[a-z]/);
});
