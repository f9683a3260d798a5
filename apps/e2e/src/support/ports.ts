// eslint-disable-next-line @nx/enforce-module-boundaries -- a script of the repository, not a project
export { freePort } from '../../../../scripts/free-ports.mjs';
