import { AssignerProtocol } from 'kafkajs';
import type { Claim } from './lane-assignor.js';

/** Of Kafka's consumer protocol, so that its tools can show who has what. */
const version = 0;

export function encodeClaim(topic: string, claim: Omit<Claim, 'id'>): Buffer {
  const userData = Buffer.from(JSON.stringify(claim));
  return AssignerProtocol.MemberMetadata.encode({ version, topics: [topic], userData });
}

/** A member whose claim cannot be read holds nothing: it is another program's, or another version's. */
export function decodeClaim(id: string, metadata: Buffer): Claim {
  try {
    const { userData } = AssignerProtocol.MemberMetadata.decode(metadata)!;
    const claim = JSON.parse(userData.toString()) as Omit<Claim, 'id'>;
    return { id, since: claim.since, generation: claim.generation, held: [...claim.held] };
  } catch {
    return { id, since: Number.MAX_SAFE_INTEGER, generation: -1, held: [] };
  }
}

export function encodeAssignment(topic: string, partitions: readonly number[]): Buffer {
  return AssignerProtocol.MemberAssignment.encode({
    version,
    assignment: { [topic]: [...partitions] },
    userData: Buffer.alloc(0),
  });
}

export function decodeAssignment(topic: string, assignment: Buffer): readonly number[] {
  // Empty for a member that the leader did not know.
  if (assignment.length === 0) return [];
  return AssignerProtocol.MemberAssignment.decode(assignment)?.assignment[topic] ?? [];
}
