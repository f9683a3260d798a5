// Exits 0 while the app in this container is alive. An app that is merely not ready (restoring, the broker away) must not be
// restarted for it, and some orchestrators restart what is unhealthy.
const port = process.env.HTTP_PORT || 3000;
try {
  const { ok } = await fetch(`http://127.0.0.1:${port}/health/live`, { signal: AbortSignal.timeout(9_000) });
  process.exitCode = ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
