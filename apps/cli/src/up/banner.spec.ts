import { addressOf, banner } from './banner.js';
import type { AppName } from './plan.js';

const plan = {
  host: '127.0.0.1',
  apps: ['dashboard', 'producer'] as readonly AppName[],
  ports: { dashboard: 3002, producer: 3003 },
  takenPorts: [3000, 3001],
  dataDir: '/data/mine',
};

it('shows one address to click, the ports, where the data lies and one command', () => {
  const text = banner(plan);
  expect(text.match(/http:\/\/\S+/g)).toEqual(['http://127.0.0.1:3002']);
  expect(text).toMatch(
    /^ {4}dashboard +3002\n {4}producer +3003\n {4}3000, 3001 taken by others: stepped over$/m,
  );
  expect(text).toContain('/data/mine   (another place: --data DIR)');
  expect(text.match(/npx engine .*/g)).toEqual(['npx engine verify --data /data/mine']);
});

it('says nothing of ports that nobody held, and of a page that is not there', () => {
  const text = banner({ ...plan, takenPorts: [], apps: ['producer'], ports: { producer: 3000 } });
  expect(text).not.toContain('taken');
  expect(text).not.toContain('http');
});

it.each([
  ['127.0.0.1', 'http://127.0.0.1:3002'],
  ['0.0.0.0', 'http://localhost:3002'],
  ['::', 'http://localhost:3002'],
  ['::1', 'http://[::1]:3002'],
  ['box.example', 'http://box.example:3002'],
])('on %s it is found at %s', (host, address) => {
  expect(addressOf({ ...plan, host }, 'dashboard')).toBe(address);
});
