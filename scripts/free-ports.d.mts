/** So many ports of the loopback interface, all different, on which nobody listens right now. */
export declare function freePorts(count: number): Promise<number[]>;
export declare function freePort(): Promise<number>;
