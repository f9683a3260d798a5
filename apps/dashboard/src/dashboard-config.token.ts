/** Injection token of the `DashboardConfig`. */
export const DASHBOARD_CONFIG = Symbol('configuration of the dashboard');
