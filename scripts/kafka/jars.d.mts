export declare const defaultVersion: string;
export declare const cacheFolder: string;
export declare function missingTools(): string | undefined;
export declare function jarsOf(version?: string): string;
