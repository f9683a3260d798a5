export type { Check, Finding } from './finding.js';
export type { LedgerLine } from './ledger.js';
export { checks, verifyLake } from './verify-lake.js';
export type { Verification, VerifyOptions } from './verify-lake.js';
export { VerifyContext } from './verify-context.js';
export type { VerifySettings } from './verify-context.js';
