/** Is the host name or address one that only this machine can reach? `127.0.0.1`, `::1`, `[::1]`, `localhost`. */
export const isLoopback = (host: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);
