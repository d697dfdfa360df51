import { hash } from 'node:crypto';
import type { Instant } from '../clock.ts';
import { type Digest, isSignOfLife } from './digest.ts';
import { slotStart } from './slot.ts';

/*
 * What a report is stored under: slot, service, reporter and body. Adapters send a body up to three times when
 * the answer is slow, seconds later and between newer ones; slot and hash depend on the body alone, so the
 * repeat is the same item.
 */

/** Short hash of the process that reports. */
export const reporterId = (service: string, container: string, pid: string): string => shortHash(JSON.stringify([service, container, pid]));

/** Start of the 10 s slot of the newest sample, or of the arrival where no sample was accepted. */
export const slotAt = (digest: Digest): Instant => slotStart(digest.base);

/**
 * Short hash of the body. A body without samples says "alive" and nothing else, and is the same each time:
 * its slot, which is that of the arrival, is hashed too, so that each is a sign of life of its own.
 */
export const bodyHash = (body: string, digest: Digest): string => shortHash(isSignOfLife(digest) ? `${slotAt(digest)} ${body}` : body);

/** Short hash of what an item holds: the same reports together are the same item. */
export const contentHash = (content: Uint8Array): string => shortHash(content);

/** Which of a group's partition shards the reports of a reporter go to: always the same, and evenly spread. */
export const shardOf = (reporter: string, shards: number): number =>
  Buffer.from(reporter, 'base64url').readUInt32BE(0) % Math.max(1, shards);

/**
 * 64 bits of SHA-256, 11 characters. Two of n hashes are the same with a chance of n²/2^65: for the reports of
 * 1,000 tasks in five minutes, some 30,000, one in 40,000,000,000. Nobody gains by forcing it either: the
 * service, which the token proves, is part of the key, so only reports of the sender's own would be lost.
 */
const shortHash = (text: string | Uint8Array) => hash('sha256', text, 'buffer').subarray(0, 8).toString('base64url');
