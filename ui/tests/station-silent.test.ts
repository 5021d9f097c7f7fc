// A station that is not heard: instruments are crossed out and commands off within two seconds.
import { encode } from '@msgpack/msgpack';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connection } from '../src/lib/session.svelte';
import { settings } from '../src/lib/settings.svelte';

vi.hoisted(() => {
  // What a browser has and these modules ask as they are loaded.
  vi.stubGlobal('navigator', { language: 'en' });
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }));
  vi.stubGlobal('document', { documentElement: { dataset: {}, classList: { toggle: () => undefined } } });
});

class Socket {
  static last: Socket;
  binaryType = '';
  onmessage: (event: { data: Uint8Array }) => void = () => undefined;
  onclose: (() => void) | null = null;
  constructor(readonly address: string) {
    Socket.last = this;
  }
  close(): void {
    this.onclose?.();
  }
  tell(...message: unknown[]): void {
    this.onmessage({ data: encode(message) });
  }
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('requestAnimationFrame', () => 0);
  vi.stubGlobal('location', { protocol: 'http:', host: '127.0.0.1:8080' });
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('document', { documentElement: { dataset: {}, classList: { toggle: () => undefined } } });
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
  vi.stubGlobal('fetch', async (path: string) =>
    new Response(JSON.stringify(path === '/api/session' ? { user: 'ann', roles: ['pilot'], languages: ['en'], simulation: false, replay: false } : {})));
  await connection.begin();
  Socket.last.tell('hello', { session: connection.session, quantities: [], vehicles: [] });
});

afterEach(() => {
  connection.end();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('one that hangs, its socket open, is told within 2 s, and not before 1.5', () => {
  vi.advanceTimersByTime(200);
  expect(connection.alive).toBe(true);
  vi.advanceTimersByTime(1300);
  expect(connection.alive).toBe(true);
  vi.advanceTimersByTime(500);
  expect(connection.alive).toBe(false);
  Socket.last.tell('time', 1);
  vi.advanceTimersByTime(200);
  expect(connection.alive).toBe(true);
});

test('one that hangs up is told at once, and asked again', async () => {
  vi.advanceTimersByTime(200);
  const first = Socket.last;
  first.close();
  expect(connection.alive).toBe(false);
  await vi.advanceTimersByTimeAsync(1500);
  expect(Socket.last).not.toBe(first);
});

test('warnings are heard where nobody has said otherwise', () => {
  expect(settings.chosen.sound).toBe('warnings');
});
